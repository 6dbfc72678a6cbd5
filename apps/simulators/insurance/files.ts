import { unzipSync, zipSync } from 'fflate'

import { addMs, DAY_MS, toShanghaiText } from '../../../kernel/time.ts'
import { type Call, type Centre, type Handler, newNumber } from './centre.ts'
import { type Field, readFields, text } from './fields.ts'
import { Refusal } from './refusal.ts'
import { integerOf, textOf } from './store.ts'
import { JsonNumber, memberOf, type Wire, type WireObject } from './wire-json.ts'

type StoredFile = { no: string; filename: string; content: Uint8Array }

/** 9101: `in` is the file's content in base64. */
export const uploadFile: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'fsUploadIn'), UPLOAD, 'fsUploadIn')
  if (data.fixmedins_code !== call.fixmedinsCode) {
    throw new Refusal('fsUploadIn.fixmedins_code', '与报文的定点医药机构编号不一致')
  }
  const { in: content } = readFields(
    memberOf(call.input, 'fsUploadIn'),
    { in: BYTES[call.hospital.profile.fileBytesAs] },
    'fsUploadIn',
  )
  const file = keepFile(centre, call, content, () => data.filename)
  return { ...file, fixmedins_code: call.fixmedinsCode }
}

/** 9102: answers the file itself, not JSON. */
export const downloadFile: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'fsDownloadIn'), DOWNLOAD, 'fsDownloadIn')
  const codes = [call.fixmedinsCode, 'plc'] // clients of the platform send the constant 'plc'
  if (!codes.includes(data.fixmedins_code)) {
    throw new Refusal('fsDownloadIn.fixmedins_code', '与报文的定点医药机构编号不一致')
  }
  const file = requireFile(centre, call, data.file_qury_no, 'fsDownloadIn.file_qury_no')
  if (![file.filename, 'plc'].includes(data.filename)) {
    throw new Refusal('fsDownloadIn.filename', '与文件查询号的文件名不一致')
  }
  return file.content
}

/** Keeps a file for the hospital to fetch, and answers the fields that say how. */
export function keepFile(
  centre: Centre,
  call: Call,
  content: Uint8Array,
  filenameOf: (no: string) => string,
): WireObject {
  const no = newNumber(centre, call.at)
  const expiresAt = addMs(call.at, KEPT_DAYS * DAY_MS)
  centre.store.run('insert into file values (?, ?, ?, ?, ?)', [
    no,
    call.fixmedinsCode,
    filenameOf(no),
    content,
    expiresAt.getTime(),
  ])
  return { file_qury_no: no, filename: filenameOf(no), dld_endtime: toShanghaiText(expiresAt) }
}

/** A file of this hospital that is still kept. */
export function requireFile(centre: Centre, call: Call, no: string, path: string): StoredFile {
  const row = centre.store.get('select * from file where file_qury_no = ? and fixmedins_code = ?', [
    no,
    call.fixmedinsCode,
  ])
  if (!row) throw new Refusal(path, '文件不存在')
  if (call.at.getTime() > integerOf(row, 'expires_at_ms')) throw new Refusal(path, '文件已过期')
  const content = row.content
  if (!(content instanceof Uint8Array)) throw new Error('column content is a blob')
  return { no, filename: textOf(row, 'filename'), content }
}

/**
 * The rows of the one .txt in a zip: UTF-8, tab between columns, CRLF or LF after each row, a tab
 * at the end of a row allowed. The text 'null' is an empty column.
 *
 * Errors: a Refusal under `path` for what is not such a file, or has a row with other columns.
 */
export function readRows(zip: Uint8Array, columns: number, path: string): string[][] {
  const rows = textIn(zip, path).split(/\r?\n/)
  if (rows.at(-1) === '') rows.pop()
  if (rows.length > ROWS_MAX) throw new Refusal(path, `文件超过${ROWS_MAX}行`)
  return rows.map((row, index) => {
    const cells = row.split('\t').map((cell) => (cell === 'null' ? '' : cell))
    if (cells.length === columns + 1 && cells.at(-1) === '') cells.pop()
    if (cells.length !== columns) throw new Refusal(path, `文件第${index + 1}行应为${columns}列`)
    return cells
  })
}

/** The same kind of file, written: an empty column is 'null', as the platform writes it. */
export function writeRows(filename: string, rows: readonly (readonly string[])[], at: Date) {
  const lines = rows.map((row) => row.map((cell) => (cell === '' ? 'null' : cell)).join('\t'))
  const content = new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join(''))
  return zipSync({ [filename]: content }, { mtime: at })
}

function textIn(zip: Uint8Array, path: string): string {
  let entries: Record<string, Uint8Array>
  try {
    entries = unzipSync(zip, { filter: ({ originalSize }) => originalSize <= TEXT_MAX })
  } catch {
    throw new Refusal(path, '文件不是zip')
  }
  const [file, ...others] = Object.entries(entries)
  if (!file || others.length > 0 || !file[0].endsWith('.txt')) {
    throw new Refusal(path, `zip应只含一个不超过${TEXT_MAX}字节的txt文件`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file[1])
  } catch {
    throw new Refusal(path, '文件不是UTF-8编码')
  }
}

const base64: Field<Uint8Array> = (raw, path) => {
  if (raw === null) throw new Refusal(path, '必填')
  if (typeof raw !== 'string' || raw.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(raw)) {
    throw new Refusal(path, '应为base64')
  }
  return new Uint8Array(Buffer.from(raw, 'base64'))
}

/** The bytes one by one, as some provinces take them. */
const integers: Field<Uint8Array> = (raw, path) => {
  if (raw === null) throw new Refusal(path, '必填')
  const list = Array.isArray(raw) ? (raw as readonly Wire[]) : []
  const bytes = list.map((one) => (one instanceof JsonNumber ? Number(one.text) : Number.NaN))
  if (
    bytes.length === 0 ||
    !bytes.every((byte) => Number.isInteger(byte) && (byte & 255) === byte)
  ) {
    throw new Refusal(path, '应为0至255的整数数组')
  }
  return Uint8Array.from(bytes)
}

const BYTES = { base64, numbers: integers }
const UPLOAD = { filename: text(200), fixmedins_code: text(30) }
const DOWNLOAD = { file_qury_no: text(30), filename: text(200), fixmedins_code: text(30) }

const KEPT_DAYS = 7
const TEXT_MAX = 16 * 1024 * 1024
const ROWS_MAX = 100_000
