// How text stands in a document: what the font can show, how wide that is, and where it breaks.

/** Stands for a character that the font cannot show. */
const MISSING = '〓'

/**
 * The text as the document shows it: on one line, each character one that the font has. What has no place on paper
 * (marks of direction, variants of a glyph) goes; what the font lacks becomes 〓, one for each character.
 */
export const printable = (text: string): string => Array.from(onOneLine(text), shown).join('')

/** Whether something of the text would be shown as 〓. */
export const lacksGlyph = (text: string): boolean =>
  Array.from(onOneLine(text)).some((sign) => sign !== MISSING && shown(sign) === MISSING)

/** The pieces of a printable text that are each of one font, in order. */
export const runsOf = (text: string): { isLatin: boolean; text: string }[] =>
  (text.match(/[ -~]+|[^ -~]+/g) ?? []).map((run) => ({ isLatin: run <= '\u007F', text: run }))

/** In the unit of `size`. The text is printable. */
export const textWidth = (text: string, size: number): number =>
  (thousandthsOf(text) * size) / 1_000

/**
 * The text in lines of at most the width, of which the last ends in … when there would be more than `mostLines`.
 * Breaks anywhere, as Chinese does, but rather between Latin words. Never empty. The width is
 * that of two characters or more.
 */
export function wrap(
  text: string,
  { size, width, mostLines }: { size: number; width: number; mostLines: number },
): string[] {
  const lines: string[] = []
  const most = (width / size) * 1_000
  let rest = printable(text)
  while (lines.length < mostLines - 1 && thousandthsOf(rest) > most) {
    const line = lineOf(rest, most)
    lines.push(line.trimEnd())
    rest = rest.slice(line.length).trimStart()
  }
  return [...lines, cut(rest, most)]
}

const onOneLine = (text: string) => text.replaceAll(INVISIBLE, '').replaceAll(/\s+/gu, ' ').trim()

const INVISIBLE = /[\p{Cf}\p{Variation_Selector}]|(?!\s)\p{Cc}/gu

/** All of these are in the basic plane, so that each is two bytes of the font's encoding. */
const shown = (character: string) =>
  ALIKE[character] ?? (HAS_GLYPH.test(character) ? character : MISSING)

/** Signs that the font has under another number only: the dot of 买买提·吐尔逊, the micro sign. */
const ALIKE: Record<string, string> = { '\u00B7': '\u30FB', '\u2022': '\u30FB', '\u00B5': '\u03BC' }

/** What the encoding UniGB-UCS2-H names, of what may stand in a title or name. Source: Adobe-GB1-4. */
const HAS_GLYPH = new RegExp(
  [
    '[ -~¤¥§¨°±×÷àáèéêìíòóùúüāēěīōūǎǐǒǔǖǘǚǜ',
    '\\u0391-\\u03A1\\u03A3-\\u03A9\\u03B1-\\u03C1\\u03C3-\\u03C9\\u0401\\u0410-\\u044F\\u0451',
    '\\u2013-\\u2016\\u2018\\u2019\\u201C\\u201D\\u2025\\u2026\\u2030\\u203B\\u20AC\\u2103\\u2116',
    '\\u2160-\\u216B\\u2170-\\u2179\\u2190-\\u2193\\u221A\\u221E\\u2248\\u2260\\u2261\\u2264\\u2265',
    '\\u2460-\\u2469\\u2474-\\u249B\\u25A0\\u25A1\\u25B2\\u25B3\\u25C6\\u25C7\\u25CB\\u25CF\\u2605\\u2606',
    '\\u3000-\\u3003\\u3005-\\u3017\\u3041-\\u3094\\u30A1-\\u30FE\\u3105-\\u3129\\u3220-\\u3229\\u3231',
    '\\u338E\\u338F\\u339C-\\u339E\\u33A1\\u33C4\\u3400-\\u4DB5\\u4E00-\\u9FA5\\uFF01-\\uFF5E\\uFFE0-\\uFFE5]',
  ].join(''),
)

const thousandthsOf = (text: string) =>
  Array.from(text, widthOf).reduce((sum, width) => sum + width, 0)

/** A Chinese character is as wide as the font is high; a Latin one as the standard font says. */
const widthOf = (character: string) =>
  LATIN_WIDTHS[character.charCodeAt(0) - FIRST_LATIN] ?? CHINESE_WIDTH

/** The space; the last is ~. */
export const FIRST_LATIN = 0x20
const CHINESE_WIDTH = 1_000

/** Of Helvetica, from the space to ~, in thousandths of its size. Source: its AFM file, Adobe Core 14. */
export const LATIN_WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
  556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
  611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
  667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
  222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]

/** As much as fits, at least one character. */
function lineOf(text: string, most: number): string {
  const fitting = longestWithin(text, most)
  const isTorn = /[!-~]$/.test(fitting) && /^[!-~]/.test(text.slice(fitting.length))
  const space = fitting.lastIndexOf(' ')
  // A word that fills more than half of the line is torn all the same.
  if (isTorn && space > fitting.length / 2) return fitting.slice(0, space + 1)
  let length = fitting.length
  while (length > 1 && isBadBreak(text.slice(length - 1, length + 1))) length--
  return text.slice(0, length)
}

/** The two characters about a break: no line of Chinese begins with 、 or ends with （. */
const isBadBreak = (around: string) => /^[（「《“]|[，、。；：）」》”]$/.test(around)

function cut(text: string, most: number): string {
  if (thousandthsOf(text) <= most) return text
  return `${longestWithin(text, most - CHINESE_WIDTH).trimEnd()}…`
}

function longestWithin(text: string, most: number): string {
  let width = 0
  let length = 0
  while (length < text.length) {
    width += widthOf(text.charAt(length))
    if (width > most && length > 0) break
    length++
  }
  return text.slice(0, length)
}
