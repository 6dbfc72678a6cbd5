import { pinyin } from 'pinyin-pro'

import { canonicalLetter } from './glyphs.ts'

/** A name as it is compared. Letters are code points, so that a rare one beyond the basic plane is one letter. */
export type Name = {
  /** As written, but for widths, spaces, and the dots between the parts of a name. */
  written: string
  /** With each letter in its common form, holes for letters that a system could not write, and no dots. */
  letters: readonly string[]
  folded: string
  hasHole: boolean
  /** Toneless pinyin of each letter; null for a hole. Latin letters are their own sound. */
  sounds: readonly (string | null)[]
  /** All sounds, or null where one is not known. */
  sound: string | null
  /** Of the surname alone; of a name in parts, the first part is what a surname is to others. */
  surnameSound: string | null
}

/** What stands where a letter could not be written. */
export const HOLE = '\u0000'

/** How one letter sounds in a given name and a surname in a name; see createPinyin. */
export type PinyinOf = { letter(letter: string): string | null; surname(surname: string): string[] }

const MOST_LETTERS = 50

/** Any text is a name. Dots, widths, variants and unwritable letters are what differs between systems, not people. */
export function readName(text: string, pinyinOf: PinyinOf = sharedPinyin): Name {
  const written = text.normalize('NFKC').toUpperCase().replaceAll(/\s+/gu, '').replaceAll(DOTS, '·')
  const all = Array.from(written, letterOf).slice(0, MOST_LETTERS)
  const letters = all.filter((letter) => letter !== '·')
  const surnameLength = surnameLengthOf(all)
  const surname = letters.slice(0, surnameLength)
  const surnameSounds = surname.includes(HOLE)
    ? surname.map((letter) => soundOf(letter, pinyinOf))
    : pinyinOf.surname(surname.join(''))
  const given = letters.slice(surnameLength).map((letter) => soundOf(letter, pinyinOf))
  const sounds = surnameSounds.length === surname.length ? [...surnameSounds, ...given] : given
  return {
    written,
    letters,
    folded: letters.join(''),
    hasHole: letters.includes(HOLE),
    sounds,
    sound: joined(sounds),
    surnameSound: joined(sounds.slice(0, surnameLength)),
  }
}

const joined = (sounds: readonly (string | null)[]): string | null =>
  sounds.length === 0 || sounds.includes(null) ? null : sounds.join(' ')

/** 买买提·艾力 is written with more dots than one. */
const DOTS = /[·•・∙‧⋅․.。･●▪᛫]/gu

// What systems write for a letter they do not know; 〇 is a letter.
const UNWRITABLE = /^(?:[?？*＊□■�〓_]|\p{Co}|\p{Cn}|\p{Cs})$/u

const letterOf = (letter: string): string =>
  UNWRITABLE.test(letter) ? HOLE : canonicalLetter(letter)

const soundOf = (letter: string, pinyinOf: PinyinOf): string | null =>
  letter === HOLE ? null : pinyinOf.letter(letter)

function surnameLengthOf(letters: readonly string[]): number {
  const dot = letters.indexOf('·')
  if (dot > 0) return dot
  const two = letters.slice(0, 2).join('')
  return letters.length >= 3 && COMPOUND_SURNAMES.has(two) ? 2 : Math.min(1, letters.length)
}

const COMPOUND_SURNAMES = new Set(
  (
    '欧阳 太史 端木 上官 司马 东方 独孤 南宫 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 ' +
    '仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 ' +
    '令狐 段干 百里 呼延 东郭 南门 羊舌 微生 左丘 西门 第五 叶赫 那拉 纳兰'
  ).split(' '),
)

const LETTERS_KEPT = 30_000

/** Reads sounds from the dictionary of pinyin-pro, and keeps those it has read: names are made of few letters. */
function createPinyin(): PinyinOf {
  const letters = new Map<string, string | null>()
  const surnames = new Map<string, string[]>()
  return {
    letter(letter) {
      const known = letters.get(letter)
      if (known !== undefined) return known
      const sound = pinyin(letter, { toneType: 'none', v: true })
      // A letter that the dictionary does not have comes back as it is.
      const found = sound === letter && /\P{ASCII}/u.test(letter) ? null : sound
      return remember(letters, letter, found)
    },
    surname(surname) {
      const known = surnames.get(surname)
      if (known) return known
      const sounds = pinyin(surname, { toneType: 'none', type: 'array', surname: 'head', v: true })
      return remember(surnames, surname, sounds)
    },
  }
}

function remember<T>(kept: Map<string, T>, key: string, value: T): T {
  if (kept.size >= LETTERS_KEPT) kept.clear()
  kept.set(key, value)
  return value
}

const sharedPinyin = createPinyin()
