// Made for Pare: drafting requests, each of them new, and a summary that many readers open at once.

export const DRAFT_INSTRUCTIONS =
  'You help the press office of a city museum. Write in plain, warm English. Keep names and dates as they are given. Give one version, without comments.';

/** No two alike, asked with a high temperature: nothing here can be answered from a cache. */
export const DRAFTS: readonly string[] = [
  'Write an invitation to the opening of "Salt and Rope: two hundred years of harbour work" on 4 September at 18:00. At most 90 words. Children are welcome.',
  'Shorten this to 40 words: The museum café, which has been closed since the water damage in spring, will open again on 12 June with a smaller menu, the same team and, for the first time, tables in the inner courtyard that can be reached without a ticket.',
  'Suggest five titles for a lecture by Dr Ines Falk about how sailors drew maps from memory. No puns.',
  'A visitor complains that the lift was out of order and that nobody told her before she bought a ticket. Write a reply that apologises, offers a free visit and does not blame the contractor.',
  'Turn these notes into a post for our page: volunteers, archive, 3,200 letters, first half scanned, reading evening on 20 October, registration by telephone.',
  'Explain in three sentences for eight-year-olds why old paper turns yellow.',
];

export const BRIEFING = `Summarise this briefing for the museum staff in five short points, the most urgent first.

The east wing stays closed until the 28th because the floor is being sanded; school classes booked for that time are moved to the gallery on the second floor, and the education team has written to eleven of the fourteen schools. The remaining three (Brook Lane, Saint Anne and the evening college) must be telephoned today. The ticket machine at the side entrance takes cards only from Monday on. The night guard has reported twice that the door to the depot did not lock; the locksmith comes on Thursday at 7:00, and until then the door is checked every two hours. The photographer for the catalogue arrives on Friday and needs the four ship models from room 12, each with a condition report. The director is travelling until the 30th; Mrs Okafor decides in her place. The summer party is moved from the courtyard to the old rope walk if rain is forecast by noon of the same day.`;

export const BRIEFING_FOLLOW_UP =
  'From the same briefing: who has to be telephoned today, and why? One sentence.';
