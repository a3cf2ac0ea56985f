/** The commonest words of other languages that are written in Latin letters and are no English words. */
export const OTHER_STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'el los las una unos unas del que por para con como cuando donde puedo puede esta este esto mi su sus es soy eres muy pero porque ' +
    'cual cuales cuanto quien hacer tengo tiene hay mas sin sobre entre hasta desde ' +
    'le les des du est et dans pour avec sur que qui quoi je tu il elle nous vous ils mon ma mes ton sa ses ce cette ces ne pas ' +
    'comment quand pourquoi quel quelle puis peut faire suis sont une aux mais ou sans ' +
    'der das dem den des ein eine einen einem einer und ist sind ich du er sie wir ihr mein meine dein kann kannst wie wann warum ' +
    'wer wo nicht kein keine mit auf fur von zu zum zur im auch aber oder ' +
    'il lo gli uno della delle dei che di da per non come quando dove posso sono sei questo questa mio mia perche cosa ' +
    'het een van dat niet ik je hij zij wij hoe wat waar waarom kan mijn voor naar ook maar ' +
    'os uma umas do dos da das em no na nos nas com como quando onde posso isso meu minha nao qual ' +
    'och att det som en ett av med jag kan hur vad varfor inte min ' +
    'jak co gdzie kiedy dlaczego nie jest sie moje moj ktory'
  )
    .split(' ')
    .filter(
      (word) =>
        !'as do on me an in no so to at is am are i la a come sei per en maar min die hat war kan'
          .split(' ')
          .includes(word),
    ),
);
