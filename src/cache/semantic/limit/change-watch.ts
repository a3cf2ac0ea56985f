/** Lookups at least as risky as this never tell a change: their risk is known too roughly. */
const MOST_RISK = 0.1;
/** No lookup is taken to be surer than this: labels, judges and providers err. */
const LEAST_RISK = 0.01;
/** Rate of wrong answers after a change that the watch looks for. */
const CHANGED_RATE = 0.5;
/** Evidence that tells a change, as a logarithm of odds: three or four wrong answers of sure lookups on end. */
const ALARM = 9;

/** Tells when answers that looked sure turn out wrong in a run, by far more than was to be expected of them. */
export interface ChangeWatch {
  /** Notes what came of a lookup, served or not, of which a wrong answer was expected with the probability `risk`. */
  observe(risk: number, isSame: boolean): void;
  /** True from when the evidence suffices until right answers have outweighed it. */
  readonly isChanged: boolean;
  snapshot(): ChangeSnapshot;
  restore(snapshot: ChangeSnapshot): void;
}

/** What a watch remembers, as JSON. */
export interface ChangeSnapshot {
  /** Evidence for a change, 0 or more. */
  readonly evidence: number;
  readonly isChanged: boolean;
}

/**
 * Returns a watch that has seen nothing: a cumulative sum test (Page 1954) of the outcomes being as risky as expected
 * against half of them being wrong. Its evidence is bounded, so that it is forgotten after some 15 right answers.
 */
export function createChangeWatch(): ChangeWatch {
  let [evidence, isChanged] = [0, false];
  return {
    observe(risk, isSame) {
      // After a change little looks sure: all count that can still speak for either.
      if (!(risk < (isChanged ? CHANGED_RATE : MOST_RISK))) return;
      const expected = Math.max(LEAST_RISK, risk);
      const gain = isSame ? Math.log((1 - CHANGED_RATE) / (1 - expected)) : Math.log(CHANGED_RATE / expected);
      evidence = Math.min(ALARM, Math.max(0, evidence + gain));
      if (evidence >= ALARM) isChanged = true;
      else if (evidence <= 0) isChanged = false;
    },
    get isChanged() {
      return isChanged;
    },
    snapshot: () => ({ evidence, isChanged }),
    restore(snapshot) {
      ({ evidence, isChanged } = snapshot);
    },
  };
}
