import { strToU8, Zip, ZipDeflate } from 'fflate'

import { type Fen, toYuanText } from '../kernel/money.ts'

/**
 * What a cell of a workbook holds: an amount is a number of yuan, so that it can be summed; everything else is text, so that
 * nothing in it is ever read as a formula.
 */
export type WorkbookCell = { fen: Fen } | { text: string } | null

type WorkbookSheet = {
  name: string
  heads: readonly string[]
  /** In letters. */
  widths: readonly number[]
  rows: AsyncIterable<readonly WorkbookCell[]>
}

const ROWS_BETWEEN_BYTES = 500

/**
 * A workbook of one sheet as a stream of bytes: rows are read as the bytes are taken, and none is kept. Source: ECMA-376,
 * part 1, with texts in the cells themselves.
 */
export async function* workbookBytes(sheet: WorkbookSheet): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    ready.push(chunk)
  })
  const add = (path: string) => {
    const part = new ZipDeflate(path, { level: 6 })
    zip.add(part)
    return part
  }
  for (const [path, text] of partsOf(sheet.name)) add(path).push(strToU8(text), true)
  const body = add('xl/worksheets/sheet1.xml')
  body.push(strToU8(sheetStart(sheet)))
  let texts: string[] = []
  for await (const row of sheet.rows) {
    texts.push(`<row>${row.map(cellText).join('')}</row>`)
    if (texts.length < ROWS_BETWEEN_BYTES) continue
    body.push(strToU8(texts.join('')))
    texts = []
    yield* ready.splice(0)
  }
  body.push(strToU8(`${texts.join('')}</sheetData></worksheet>`), true)
  zip.end()
  yield* ready
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

// Styles of cells, by their place in styles.xml.
const AMOUNT = 1
const HEAD = 2

const sheetStart = ({ heads, widths }: WorkbookSheet): string =>
  [
    `${XML}<worksheet xmlns="${MAIN}">`,
    '<sheetViews><sheetView workbookViewId="0">',
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>',
    `<cols>${widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join('')}</cols>`,
    `<sheetData><row>${heads.map((text) => inlineText(text, HEAD)).join('')}</row>`,
  ].join('')

function cellText(cell: WorkbookCell): string {
  if (cell === null) return '<c/>'
  if ('fen' in cell) return `<c s="${AMOUNT}"><v>${toYuanText(cell.fen)}</v></c>`
  return inlineText(cell.text, 0)
}

const inlineText = (text: string, style: number) =>
  `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`

/** What XML 1.0 has no way to write goes. */
const escaped = (text: string) =>
  text
    .replaceAll(UNWRITABLE, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const UNWRITABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const partsOf = (name: string): [path: string, text: string][] => [
  [
    '[Content_Types].xml',
    `${XML}<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
  ],
  ['_rels/.rels', relationsOf([['rId1', `${OFFICE}/officeDocument`, 'xl/workbook.xml']])],
  [
    'xl/_rels/workbook.xml.rels',
    relationsOf([
      ['rId1', `${OFFICE}/worksheet`, 'worksheets/sheet1.xml'],
      ['rId2', `${OFFICE}/styles`, 'styles.xml'],
    ]),
  ],
  [
    'xl/workbook.xml',
    `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">` +
      `<sheets><sheet name="${escaped(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ],
  [
    'xl/styles.xml',
    `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font/><font><b/></font></fonts>` +
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
      '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
      // 4 is #,##0.00 among the formats that every reader knows.
      '<cellXfs count="3"><xf/><xf numFmtId="4" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>',
  ],
]

const relationsOf = (relations: readonly (readonly [id: string, type: string, target: string])[]) =>
  `${XML}<Relationships xmlns="${PACKAGE}/relationships">${relations
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`)
    .join('')}</Relationships>`
