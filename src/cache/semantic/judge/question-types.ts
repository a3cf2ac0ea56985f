/** What a sentence asks for. `topic` is a sentence or a run of words that does not ask. */
export type QuestionType =
  | 'what'
  | 'who'
  | 'when'
  | 'where'
  | 'why'
  | 'how'
  | 'how_many'
  | 'how_much'
  | 'how_long'
  | 'how_often'
  | 'how_degree'
  | 'yesno'
  | 'request'
  | 'opinion'
  | 'topic';
