// Made for Pare: tickets of an invented internet provider, as a nightly job would classify them.

export const TICKET_SYSTEM = `Classify a ticket of an internet provider. Answer with JSON only.
category: "outage" when nothing works, "speed" when it works slowly, "billing" for invoices and payments, "contract" for changes, moves and cancellations, "device" for routers and cables, "praise" for thanks, "other" for the rest.
urgency: 1 (can wait a week) to 5 (now). Business customers and medical reasons are one higher, 5 at most.
language: ISO 639-1 code of the ticket.`;

export const TICKET_SCHEMA = {
  type: 'object',
  properties: {
    category: {
      type: 'string',
      enum: ['outage', 'speed', 'billing', 'contract', 'device', 'praise', 'other'],
    },
    urgency: { type: 'integer', minimum: 1, maximum: 5 },
    language: { type: 'string', minLength: 2, maxLength: 2 },
  },
  required: ['category', 'urgency', 'language'],
  additionalProperties: false,
} as const;

/** Tickets in the order of arrival. Monitors and impatient customers send some of them twice. */
export const TICKETS: readonly string[] = [
  'No internet since 6 this morning, the light on the box is red. Customer 88120.',
  'AUTO: probe gw-17 lost carrier, area Nord-3, 41 lines affected.',
  'Why is the invoice for March 12 euro higher than the one for February?',
  'Since the thunderstorm the router restarts every few minutes.',
  'AUTO: probe gw-17 lost carrier, area Nord-3, 41 lines affected.',
  'I move to Hafenstrasse 9 on the 15th and would like to take my line with me.',
  'Download is 11 Mbit/s in the evening. I pay for 250.',
  'Thank you for the quick help yesterday, the technician was very kind.',
  'AUTO: probe gw-17 lost carrier, area Nord-3, 41 lines affected.',
  'We are a dental practice and cannot reach our appointment system. Please call at once.',
  'Ich möchte meinen Vertrag zum nächstmöglichen Zeitpunkt kündigen.',
  'Is there a tariff for students?',
  'You charged me twice this month. Please return 39.90 euro.',
  'Since the thunderstorm the router restarts every few minutes.',
  'Meine Mutter hat einen Hausnotruf am Telefonanschluss und die Leitung ist tot.',
  'Where can I see how much data I used?',
  'AUTO: probe gw-22 packet loss 7 percent, area Hafen-1.',
  'The cable that came with the new router is too short, I need five metres.',
  'Download is 11 Mbit/s in the evening. I pay for 250.',
  'I did not get the discount of 5 euro that was promised on the telephone.',
  'AUTO: probe gw-22 packet loss 9 percent, area Hafen-1.',
  'Bonjour, ma connexion tombe chaque soir vers 21 heures.',
  'Please change the bank account for the payments, the new one is with Nordbank.',
  'AUTO: probe gw-22 packet loss 7 percent, area Hafen-1.',
];
