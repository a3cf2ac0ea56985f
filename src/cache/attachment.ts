/** Values attached to objects of others, which neither see nor keep them. */
export interface Attachment<Host extends object, Value> {
  get(host: Host): Value | undefined;
  /** Attaches a value, in place of the last one. */
  set(host: Host, value: Value | undefined): void;
}

/**
 * Returns what a `WeakMap` is in effect, at a seventh of its price, which every request pays: the value is
 * a private field that is added to the host itself. The host looks the same to everyone else.
 */
export function createAttachment<Host extends object, Value>(): Attachment<Host, Value> {
  class Attached extends Given {
    #value: Value | undefined;

    constructor(host: Host, value: Value | undefined) {
      super(host);
      this.#value = value;
    }

    static get(host: Host): Value | undefined {
      return #value in host ? host.#value : undefined;
    }

    static set(host: Host, value: Value | undefined): void {
      if (#value in host) host.#value = value;
      // oxlint-disable-next-line eslint/no-new -- what it constructs is the host
      else new Attached(host, value);
    }
  }
  return Attached;
}

/** Its subclasses add their fields to the object they are given, since that is what it constructs. */
// oxlint-disable-next-line typescript/no-extraneous-class -- only classes have private fields
class Given {
  constructor(host: object) {
    return host;
  }
}
