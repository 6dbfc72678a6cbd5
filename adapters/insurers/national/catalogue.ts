import { unzipSync } from 'fflate'

import type {
  CatalogueCentre,
  CatalogueFile,
  CatalogueFileRow,
  CatalogueKind,
  CatalogueRowOf,
  CentreAnswer,
  UnreadableFile,
} from '../../../modules/insurance/index.ts'
import { pagesOf } from './catalogue-pages.ts'
import { MAX_TEXT_BYTES } from './comparison-file.ts'
import type { CatalogueColumns, Profile } from './profile.ts'
import type { Ask } from './session.ts'
import type { Transaction } from './transport.ts'
import { fieldsOf, optionalTextOf, textOf, Unreadable, wholeOf } from './wire.ts'

/** 1301 to 1319, and 9102 for the files. */
export function createCatalogue(ask: Ask, profile: Profile): CatalogueCentre {
  return {
    catalogueFile: (call, { infno, sinceVersion }) =>
      ask(call, { infno, input: { data: { ver: sinceVersion } }, read: readFile }),
    async *catalogueFileRows(call, { infno, file }) {
      const answer = await ask(call, download(file))
      if (answer.outcome !== 'ok') yield answer
      else yield* rowsOfArchive(answer.data, profile.catalogueColumns[infno] ?? FIRST_COLUMNS)
    },
    async *cataloguePages<Kind extends CatalogueKind>(
      nextCall: Parameters<CatalogueCentre['cataloguePages']>[0],
      which: Parameters<CatalogueCentre['cataloguePages']>[1] & { kind: Kind },
    ) {
      for (let page = which.firstPage; ; page += 1) {
        const transaction = pagesOf(which.kind, { ...which, page })
        const answer: CentreAnswer<CatalogueRowOf[Kind][]> = await ask(
          await nextCall(),
          transaction,
        )
        yield { page, answer }
        if (answer.outcome !== 'ok' || answer.data.length < which.pageSize) return
      }
    },
  }
}

/** Where the province’s layout is not told otherwise. */
const FIRST_COLUMNS: CatalogueColumns = { code: 0, name: 1, version: -1 }

function readFile({ output }: { output: unknown }): CatalogueFile {
  const fields = fieldsOf(output, 'output')
  return {
    fileQueryNo: textOf(fields, 'file_qury_no'),
    filename: textOf(fields, 'filename'),
    downloadUntil: optionalTextOf(fields, 'dld_end_time') ?? '',
    rowCount: optionalTextOf(fields, 'data_cnt') === null ? null : wholeOf(fields, 'data_cnt'),
  }
}

const download = ({ fileQueryNo, filename }: CatalogueFile): Transaction<Buffer> => ({
  infno: '9102',
  input: {
    fsDownloadIn: { file_qury_no: fileQueryNo, filename, fixmedins_code: CATALOGUE_DOWNLOADER },
  },
  withFile: true,
  readArchive: (bytes) => bytes,
  read() {
    throw new Unreadable('an answer without a file')
  },
})

/** 9102 wants this word in place of the institution's code. */
const CATALOGUE_DOWNLOADER = 'plc'

const BATCH_ROWS = 500

/** Line by line from the bytes, as a catalogue is too large to be held as text and rows at once. */
function* rowsOfArchive(
  archive: Uint8Array,
  layout: CatalogueColumns,
): Generator<CentreAnswer<CatalogueFileRow[]> | UnreadableFile> {
  const bytes = textBytesOf(archive)
  if (!(bytes instanceof Uint8Array)) return yield bytes
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let batch: CatalogueFileRow[] = []
  let lineNo = 0
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline === -1 ? bytes.length : newline
    lineNo += 1
    const row = rowOf((line) => decoder.decode(line), bytes.subarray(start, end), layout)
    start = end + 1
    if (row === 'blank') continue
    if (typeof row === 'string') return yield unreadable(row, `line ${lineNo}`)
    batch.push(row)
    if (batch.length < BATCH_ROWS) continue
    yield { outcome: 'ok', data: batch }
    batch = []
  }
  if (batch.length > 0) yield { outcome: 'ok', data: batch }
}

const NEWLINE = 0x0a

function rowOf(
  decode: (bytes: Uint8Array) => string,
  bytes: Uint8Array,
  layout: CatalogueColumns,
): CatalogueFileRow | 'blank' | 'encoding' | 'layout' {
  let text: string
  try {
    text = decode(bytes).replace(/\r$/, '')
  } catch {
    return 'encoding'
  }
  if (text.trim() === '') return 'blank'
  const columns = text.split('\t').map((column) => (column === 'null' ? '' : column.trim()))
  const code = columns[layout.code] ?? ''
  const name = columns[layout.name] ?? ''
  if (code === '' || name === '') return 'layout'
  const version = layout.version === null ? null : columns.at(layout.version) || null
  const at = (place: number | undefined) => (place === undefined ? null : columns.at(place) || null)
  return {
    code,
    name,
    version,
    columns,
    spec: at(layout.spec),
    unit: at(layout.unit),
    form: at(layout.form),
    substance: at(layout.substance),
    isValid: at(layout.valid) !== '0',
  }
}

function textBytesOf(archive: Uint8Array): Uint8Array | UnreadableFile {
  let isTooLarge = false
  let files: Record<string, Uint8Array>
  try {
    files = unzipSync(archive, {
      filter: ({ originalSize }) => {
        isTooLarge ||= originalSize > MAX_TEXT_BYTES
        return !isTooLarge
      },
    })
  } catch {
    return unreadable('truncated', 'the archive cannot be opened')
  }
  if (isTooLarge) return unreadable('layout', `the file is larger than ${MAX_TEXT_BYTES} bytes`)
  const [file, ...others] = Object.entries(files).filter(([name]) => name.endsWith('.txt'))
  if (!file || others.length > 0) return unreadable('layout', 'the archive does not hold one .txt')
  return file[1]
}

const unreadable = (code: UnreadableFile['code'], reason: string): UnreadableFile => ({
  outcome: 'unreadable',
  code,
  reason,
})
