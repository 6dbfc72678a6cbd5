import { pinyin } from 'pinyin-pro'

/** As names are compared: full-width letters are plain ones, spaces and case count for nothing. */
export const foldedName = (text: string): string =>
  text.normalize('NFKC').replaceAll(/\s+/gu, '').toLowerCase()

/** 北京协和医院 → bjxhyy. Letters and digits stay; of a letter with several sounds the words beside it decide. */
export const initialsOf = (name: string): string =>
  pinyin(foldedName(name), { pattern: 'first', toneType: 'none', type: 'array' })
    .join('')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

/** What a piece of a text must have all of, as platform.grams parts it: pairs, or the one letter there is. */
export function gramsOf(folded: string): string[] {
  const letters = Array.from(folded)
  if (letters.length < 2) return letters
  return [...new Set(letters.slice(1).map((letter, i) => `${letters[i]}${letter}`))]
}

/** Initials are marked apart from names: `ty` is in 天一药房 and in Tylor. */
export const initialMarksOf = (initials: string): string[] =>
  [...new Set([...Array.from(initials), ...gramsOf(initials)])].map((gram) => `~${gram}`)
