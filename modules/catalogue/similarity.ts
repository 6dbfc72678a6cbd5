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
export function editPermille(a: string, b: string): number {
  const longest = Math.max(a.length, b.length)
  if (longest === 0) return 1_000
  return Math.floor((1_000 * (longest - distance(a, b))) / longest)
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** The better of the two: pieces forgive another order, edits forgive a slip of the pen. */
export function alikePermille(a: string, b: string): number {
  if (a === b) return 1_000
  const [left, right] = [bigramsOf(a), bigramsOf(b)]
  let common = 0
  for (const gram of left) if (right.has(gram)) common += 1
  return Math.max(dicePermille(common, left.size, right.size), editPermille(a, b))
}
