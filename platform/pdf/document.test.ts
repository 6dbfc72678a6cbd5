import fc from 'fast-check'
import { expect, it } from 'vitest'

import { A4_ACROSS, type Mark, pdfDocument, type TextMark } from './document.ts'
import { readPdf, textOf } from './testing/read-pdf.ts'
import { printable } from './text.ts'

const ABOUT = {
  title: '费用汇总单',
  producer: '医桥',
  createdAt: new Date('2026-11-21T02:00:00Z'),
  size: A4_ACROSS,
}

const at = (text: string, changes: Partial<TextMark> = {}): TextMark => ({
  kind: 'text',
  text,
  x: 100,
  y: 50,
  size: 10,
  align: 'left',
  ...changes,
})

it('can be read back by its offsets, page for page', async () => {
  const rule: Mark = { kind: 'rule', x: 36, y: 60, width: 770 }
  const { pages, objects, info } = readPdf(
    await pdfDocument(ABOUT, [[at('医院 A(1)\\')], [], [rule, at('金额', { y: 545.28 })]]),
  )
  expect(pages).toEqual([
    [{ x: 100, y: 545.28, size: 10, text: '医院 A(1)\\' }],
    [],
    [{ x: 100, y: 50, size: 10, text: '金额' }],
  ])
  expect(objects[0]).toContain('/Lang (zh-CN)')
  expect(objects[1]).toContain('/MediaBox [0 0 841.89 595.28]')
  const [, title = ''] = /\/Title <(.*?)>/.exec(info) ?? []
  expect(textOf(title, true)).toBe('\uFEFF费用汇总单')
  expect(info).toContain("/CreationDate (D:20261121100000+08'00')")
})

it('names fonts that every viewer has, and carries none', async () => {
  const { objects } = readPdf(await pdfDocument(ABOUT, [[]]))
  const all = objects.join('\n')
  for (const words of [
    '/BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R]',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 6 0 R',
    '/Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding',
    '/FirstChar 32 /LastChar 126 /Widths [278 278 355 556',
    '/Font << /C 4 0 R /L 7 0 R >>',
  ]) {
    expect(all).toContain(words)
  }
  expect(all).not.toContain('/FontFile')
})

it('ends a text at its right edge, or has its middle there', async () => {
  const { pages } = readPdf(
    await pdfDocument(ABOUT, [
      [at('1,234.50', { align: 'right' }), at('一二三', { align: 'middle', size: 18 })],
    ]),
  )
  expect(pages[0]?.map(({ x }) => x)).toEqual([61.08, 73]) // 100 − 38.92, 100 − 27
})

it('any text comes back as it is shown, and breaks out of nothing', async () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 5 }), async (texts) => {
      const [title = ''] = texts
      const file = await pdfDocument({ ...ABOUT, title }, [texts.map((text) => at(text))])
      const { pages } = readPdf(file)
      expect(pages[0]?.map(({ text }) => text)).toEqual(texts.map(printable))
    }),
    { numRuns: 60 },
  )
})
