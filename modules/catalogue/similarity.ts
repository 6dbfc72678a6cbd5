// How alike two normalised names are, in thousandths. Whole numbers throughout, so that every machine says the same.

/** Pairs of neighbouring characters with both ends marked: names of Chinese are too short for longer pieces. */
export function bigramsOf(text: string): Set<number> {
  const grams = new Set<number>()
  let before = END
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? text.charCodeAt(i) : END
    grams.add(before * 0x10000 + unit)
    before = unit
  }
  return grams
}

const END = 0

/** Sørensen–Dice: twice the common pieces by all pieces. */
export const dicePermille = (common: number, a: number, b: number): number =>
  a + b === 0 ? 1_000 : Math.floor((2_000 * common) / (a + b))

/** One minus the Levenshtein distance by the longer length. */
function editPermille(a: string, b: string): number {
  const longest = Math.max(a.length, b.length)
  if (longest === 0) return 1_000
  return Math.floor((1_000 * (longest - distance(a, b))) / longest)
}

/** Two rows in one array that is used again, as matching asks for this a dozen times for each line of a bill. */
let rows = new Uint16Array(256)

function distance(a: string, b: string): number {
  const width = b.length + 1
  if (rows.length < 2 * width) rows = new Uint16Array(2 * width)
  for (let j = 0; j < width; j++) rows[j] = j
  for (let i = 1; i <= a.length; i++) {
    const [row, next] = i % 2 === 1 ? [0, width] : [width, 0]
    const unit = a.charCodeAt(i - 1)
    rows[next] = i
    for (let j = 1; j < width; j++) {
      const changed = (rows[row + j - 1] ?? 0) + (unit === b.charCodeAt(j - 1) ? 0 : 1)
      rows[next + j] = Math.min(changed, (rows[row + j] ?? 0) + 1, (rows[next + j - 1] ?? 0) + 1)
    }
  }
  return rows[(a.length % 2) * width + b.length] ?? 0
}

/** The better of the two: pieces forgive another order, edits forgive a slip of the pen. */
export function alikePermille(a: string, b: string): number {
  if (a === b) return 1_000
  return alikeByGrams({ text: a, grams: bigramsOf(a) }, { text: b, grams: [...bigramsOf(b)] })
}

/** The same where the pieces are at hand. */
export function alikeByGrams(
  a: { text: string; grams: ReadonlySet<number> },
  b: { text: string; grams: readonly number[] },
): number {
  if (a.text === b.text) return 1_000
  let common = 0
  for (const gram of b.grams) if (a.grams.has(gram)) common += 1
  const dice = dicePermille(common, a.grams.size, b.grams.length)
  return Math.max(dice, editPermille(a.text, b.text))
}
