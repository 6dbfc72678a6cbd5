import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { lacksGlyph, printable, runsOf, textWidth, wrap } from './text.ts'

it.each([
  ['王小明', '王小明'],
  ['买买提·吐尔逊', '买买提・吐尔逊'], // the font has this dot under another number
  ['䶮 café', '䶮 café'],
  ['𠮷野家', '〓野家'],
  ['好😀的', '好〓的'],
  ['한국', '〓〓'],
  ['a\uD800b', 'a〓b'],
  ['两\r\n行\t文 字', '两 行 文 字'],
  ['\u202E反\u200B\u0000\uFE0F', '反'],
  ['㎡ 5µg', '㎡ 5μg'],
])('shows %j as %j', (text, shown) => {
  expect(printable(text)).toBe(shown)
  expect(lacksGlyph(text)).toBe(shown.includes('〓'))
})

it('a 〓 of the text itself lacks nothing', () => {
  expect([lacksGlyph('〓'), lacksGlyph('〓𠮷')]).toEqual([false, true])
})

it('knows how wide Latin and Chinese are', () => {
  expect(textWidth('1,234.56', 1_000)).toBe(6 * 556 + 2 * 278)
  expect(textWidth('-0.10', 1_000)).toBeCloseTo(333 + 3 * 556 + 278)
  expect(textWidth('医院（A）', 10)).toBeCloseTo(46.67)
})

it('makes runs of one font each, that are the text again', () => {
  expect(runsOf('CT 平扫 2 次')).toEqual([
    { isLatin: true, text: 'CT ' },
    { isLatin: false, text: '平扫' },
    { isLatin: true, text: ' 2 ' },
    { isLatin: false, text: '次' },
  ])
})

describe('lines', () => {
  const at = (width: number, mostLines = 9) => ({ size: 10, width, mostLines })

  it('break anywhere in Chinese, but before no comma and after no bracket', () => {
    expect(wrap('党参、黄芪、当归', at(20))).toEqual(['党', '参、', '黄', '芪、', '当归'])
    expect(wrap('市中医院（东院）', at(50))).toEqual(['市中医院', '（东院）'])
  })

  it('break Latin between words, and words that are too long where they must', () => {
    expect(wrap('plain scan of chest', at(60))).toEqual(['plain scan of', 'chest'])
    expect(wrap('37020026112110000000', at(60))).toEqual(['3702002611', '2110000000'])
  })

  it('end in … when there would be more', () => {
    expect(wrap('一二三四五六七八九十', at(30, 2))).toEqual(['一二三', '四五…'])
    expect(wrap('一二三', at(30, 1))).toEqual(['一二三'])
  })

  it('hold any text, none wider than it may be, and lose nothing while there is room', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 60 })
    const mixed = fc
      .array(
        fc.oneof(fc.constantFrom('医院', '（', '）', '、', ' ', 'Wide', '𠮷', '\u202E'), anyText),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(mixed, fc.integer({ min: 21, max: 90 }), (text, width) => {
        const shown = printable(text)
        expect(printable(shown)).toBe(shown)
        expect(
          runsOf(shown)
            .map((run) => run.text)
            .join(''),
        ).toBe(shown)
        for (const lines of [wrap(text, at(width, 1_000)), wrap(text, at(width, 2))]) {
          for (const line of lines) {
            expect(textWidth(line, 10)).toBeLessThanOrEqual(width + 1e-9)
          }
        }
        const bare = (some: string) => some.replaceAll(' ', '')
        expect(bare(wrap(text, at(width, 1_000)).join(''))).toBe(bare(shown))
        expect(wrap(text, at(width, 2)).length).toBeLessThanOrEqual(2)
      }),
    )
  })
})
