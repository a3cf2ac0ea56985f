import { setEngineFlags } from './engine-flags.ts';

// What survives while a server warms up says nothing of what its requests leave behind later. Yet from that the
// engine may conclude that some object lives long and make it among the old ones from then on. Dead there, such an
// object would keep what it points to until the next full collection, which fits what was seen without the flag: 7 of
// 18 gateways under load came to collections of the young that took 20 to 30 us a request in place of 3, with most of
// each request surviving them; with the flag none of 10. Which object it is was not found.
const FLAGS: readonly string[] = ['--no-allocation-site-pretenuring'];

/** Lets what a request leaves behind be collected young. Call it before the first request. */
export function keepRequestsYoung(): void {
  setEngineFlags(FLAGS);
}
