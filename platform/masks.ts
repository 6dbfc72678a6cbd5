// The masks of personal data, letter for letter. Letters are counted as people see them, so that a rare character of
// two code units, or one with a variation mark, is one letter. Which of them holds for whom: classification.ts.

/** 张三 is *三, 王小明 is *小明: at most the last two letters, and never the first. */
export function maskName(name: string): string {
  const length = lettersOf(name).length
  return keepEnds(name, 0, Math.min(2, length - 1))
}

/** 370202198001010013 is 3****************3. */
export const maskIdCard = (idCardNo: string): string => keepEnds(idCardNo, 1, 1)

/** 13712345650 is 137******50. */
export const maskPhone = (phone: string): string => keepEnds(phone, 3, 2)

/** 13712341250 is 137****1250: only where calling people is the task. */
export const maskPhoneForCalling = (phone: string): string => keepEnds(phone, 3, 4)

/** 6225751234561496 is 622575******1496. */
export const maskBankCard = (cardNo: string): string => keepEnds(cardNo, 6, 4)

/** Numbers of cards, codes and accounts: the first two and the last two. */
export const maskAccount = (account: string): string => keepEnds(account, 2, 2)

/** 1980-01-01 is 1980-**-**. */
export const maskBirthDate = (birthDate: string): string => `${birthDate.slice(0, 4)}-**-**`

/** 山东省青岛市市南区香港中路 is 山东省青岛市***: enough to tell two people apart, and nobody's door. */
export const maskAddress = (address: string): string =>
  `${lettersOf(address).slice(0, ADDRESS_LETTERS).join('')}***`

const ADDRESS_LETTERS = 6

/** Stars for all letters but some at the ends; for all of them where fewer were hidden than one end shows. */
function keepEnds(text: string, first: number, last: number): string {
  const letters = lettersOf(text)
  const hidden = letters.length - first - last
  if (hidden < 1 || (first > 0 && hidden < Math.max(first, last))) return '*'.repeat(letters.length)
  return letters.map((letter, i) => (i >= first && i < first + hidden ? '*' : letter)).join('')
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'grapheme' })

const lettersOf = (text: string): string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment)
