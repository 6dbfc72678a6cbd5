const MOST_ENDLESS = 3

/**
 * Patterns come with a layout that a hospital wrote, and lines from anywhere. What could take long is refused: a group
 * that repeats, a reference back, and more than three parts without an upper bound.
 */
export function problemOfPattern(pattern: string): string | null {
  try {
    new RegExp(pattern, 'u')
  } catch {
    return 'it is no pattern'
  }
  const plain = pattern.replaceAll(/\\./gu, 'x').replaceAll(/\[[^\]]*\]/gu, 'x')
  if (/\)[*+{?]/.test(plain)) return 'a group repeats'
  if (/\\[1-9k]/.test(pattern) || /\(\?[=!]|\(\?<[=!]/.test(plain)) return 'it looks around or back'
  const endless = plain.match(/[*+]|\{\d+,\}/g) ?? []
  return endless.length > MOST_ENDLESS ? 'too many parts have no upper bound' : null
}
