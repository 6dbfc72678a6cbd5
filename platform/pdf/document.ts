import { promisify } from 'node:util'
import { deflate } from 'node:zlib'

import { toShanghaiText } from '../../kernel/time.ts'
import { FIRST_LATIN, LATIN_WIDTHS, printable, runsOf, textWidth } from './text.ts'

/** In points, 1/72 inch. */
export type PageSize = { width: number; height: number }

export const A4_ACROSS: PageSize = { width: 841.89, height: 595.28 }

/** What stands on a page, in points from its upper left corner; of a text `y` is the line it stands on. */
export type Mark = TextMark | { kind: 'rule'; x: number; y: number; width: number }

export type TextMark = {
  kind: 'text'
  text: string
  /** Where the text begins; or ends, or has its middle. */
  x: number
  y: number
  size: number
  align: 'left' | 'right' | 'middle'
}

/**
 * A document of text and rules as PDF 1.4, in Chinese and Latin letters, that carries no font: it names one that
 * every viewer which can show Chinese has, or puts another in its place (docs/decisions/0012). At least one page.
 */
export async function pdfDocument(
  about: About,
  pages: readonly (readonly Mark[])[],
): Promise<Buffer> {
  const contents: Buffer[] = []
  // One after the other, so that others get their turn while a long document is made.
  for (const marks of pages) contents.push(await compress(contentOf(marks, about.size)))
  const pageIds = pages.map((_, i) => FIRST_PAGE + 2 * i)
  return fileOf([
    text(
      '<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >> >>',
    ),
    text(
      `<< /Type /Pages /Count ${pages.length} /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}]`,
      ` /MediaBox [0 0 ${about.size.width} ${about.size.height}] /Resources << /Font << /C 4 0 R /L 7 0 R >> >> >>`,
    ),
    text(
      `<< /Title ${metaText(about.title)} /Producer ${metaText(about.producer)}`,
      ` /CreationDate (D:${toShanghaiText(about.createdAt).replaceAll(/\D/g, '')}+08'00') >>`,
    ),
    ...FONTS,
    ...contents.flatMap((content, i) => [
      text(`<< /Type /Page /Parent 2 0 R /Contents ${FIRST_PAGE + 2 * i + 1} 0 R >>`),
      Buffer.concat([
        text(`<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n`),
        content,
        text('\nendstream'),
      ]),
    ]),
  ])
}

export type About = { title: string; producer: string; createdAt: Date; size: PageSize }

const compress = promisify<Buffer, Buffer>(deflate)

const text = (...parts: string[]): Buffer => Buffer.from(parts.join(''), 'latin1')

/**
 * Objects 4 to 8. STSong-Light is one of the fonts that PDF names beforehand for Chinese, Helvetica one of its fourteen
 * standard fonts. A viewer without one chooses another that is like it: for Chinese one whose letters are
 * all squares but for the Latin ones, which would not fit any width told to it. Source: ISO 32000-1, 9.6.2.2 and 9.7.
 */
const FONTS = [
  text(
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H',
    ' /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>',
  ),
  text(
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000',
    ' /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 6 0 R >>',
  ),
  text(
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]',
    ' /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 740 /StemV 93 >>',
  ),
  text(
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding',
    ` /FirstChar ${FIRST_LATIN} /LastChar ${FIRST_LATIN + LATIN_WIDTHS.length - 1}`,
    ` /Widths [${LATIN_WIDTHS.join(' ')}] /FontDescriptor 8 0 R >>`,
  ),
  text(
    '<< /Type /FontDescriptor /FontName /Helvetica /Flags 32 /FontBBox [-166 -225 1000 931]',
    ' /ItalicAngle 0 /Ascent 718 /Descent -207 /CapHeight 718 /StemV 88 >>',
  ),
]

const FIRST_PAGE = 9

function contentOf(marks: readonly Mark[], { height }: PageSize): Buffer {
  const up = (y: number) => decimal(height - y)
  const drawn = marks.map((mark) => {
    if (mark.kind === 'rule') {
      const y = up(mark.y)
      return `${decimal(mark.x)} ${y} m ${decimal(mark.x + mark.width)} ${y} l S\n`
    }
    const shown = printable(mark.text)
    const x = mark.x - textWidth(shown, mark.size) * SHARE_LEFT_OF_X[mark.align]
    return `BT 1 0 0 1 ${decimal(x)} ${up(mark.y)} Tm ${runsText(shown, decimal(mark.size))} ET\n`
  })
  return text('0.5 w 0.6 G\n', ...drawn)
}

/** Each run begins where the one before ends. */
const runsText = (shown: string, size: string) =>
  runsOf(shown)
    .map((run) =>
      run.isLatin
        ? `/L ${size} Tf <${Buffer.from(run.text, 'latin1').toString('hex')}> Tj`
        : `/C ${size} Tf <${utf16Hex(run.text)}> Tj`,
    )
    .join(' ')

const SHARE_LEFT_OF_X = { left: 0, right: 1, middle: 0.5 }

/** To a hundredth of a point; PDF knows no 1e-7. */
const decimal = (points: number) => String(Math.round(points * 100) / 100)

const utf16Hex = (shown: string) => Buffer.from(shown, 'utf16le').swap16().toString('hex')

/** A text of the document's properties: UTF-16 with its mark in front. */
const metaText = (value: string) => `<feff${utf16Hex(value)}>`

/** The objects, numbered from 1, and the table of where each begins. */
function fileOf(bodies: readonly Buffer[]): Buffer {
  const objects = bodies.map((body, i) =>
    Buffer.concat([text(`${i + 1} 0 obj\n`), body, text('\nendobj\n')]),
  )
  let offset = HEADER.length
  const entries = objects.map((object) => {
    const entry = `${String(offset).padStart(10, '0')} 00000 n \n`
    offset += object.length
    return entry
  })
  const count = bodies.length + 1
  return Buffer.concat([
    HEADER,
    ...objects,
    text(`xref\n0 ${count}\n0000000000 65535 f \n`, ...entries),
    text(`trailer\n<< /Size ${count} /Root 1 0 R /Info 3 0 R >>\nstartxref\n${offset}\n%%EOF\n`),
  ])
}

/** The bytes above 127 tell mail and copying programs that the file is not text. */
const HEADER = text('%PDF-1.4\n%\u00E2\u00E3\u00CF\u00D3\n')
