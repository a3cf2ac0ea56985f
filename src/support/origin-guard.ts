import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { PareError } from '../contract/index.ts';

/** What protects a local server from web pages in the same person's browser (INV-E1). */
export interface OriginGuardOptions {
  readonly host: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
}

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1' || host === '[::1]') return true;
  return isIPv4(host) && host.startsWith('127.');
}

/**
 * Returns a check that refuses requests of foreign web pages: a foreign `Origin`, and, on loopback,
 * a foreign `Host` (a name that somebody pointed at 127.0.0.1). It only refuses; it grants nothing.
 */
export function createOriginGuard(
  options: OriginGuardOptions,
): (request: IncomingMessage) => PareError | undefined {
  const origins = new Set(options.allowedOrigins.map((origin) => origin.replace(/\/$/, '').toLowerCase()));
  const hosts = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
  const checksHost = isLoopback(options.host);
  let trusted: string | undefined;
  return ({ headers }) => {
    // Nearly every request carries the host of the one before and no origin.
    if (headers.host === trusted && trusted !== undefined && headers.origin === undefined) return undefined;
    const host = headers.host?.toLowerCase() ?? '';
    if (checksHost && !isLoopback(hostName(host)) && !hosts.has(hostName(host))) {
      return new PareError(
        'forbidden_host',
        `Requests for the host "${hostName(host)}" are refused on loopback. Add it to server.allowedHosts to allow them.`,
      );
    }
    trusted = headers.host;
    const origin = headers.origin?.toLowerCase();
    if (origin === undefined || origin === `http://${host}` || origins.has(origin)) return undefined;
    return new PareError(
      'forbidden_origin',
      `Pages of "${origin}" may not call this server. Add the origin to server.allowedOrigins to allow them.`,
    );
  };
}

function hostName(host: string): string {
  if (host.startsWith('[')) return host.slice(0, host.indexOf(']') + 1);
  return isIPv6(host) ? host : host.replace(/:\d*$/, '');
}
