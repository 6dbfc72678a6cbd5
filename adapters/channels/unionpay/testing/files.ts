import { deflateSync } from 'node:zlib'

import { zipSync } from 'fflate'
import iconv from 'iconv-lite'

import { MER_ID } from './gateway.ts'

// Writes settlement files as the document lays them out, without any code of the reader.

export type Row = {
  txnType?: string
  orderId: string
  queryId: string
  time: string // MMddHHmmss
  amountFen: number
  feeFen?: number
  /** Overrides, by the column's number in the document, from 1. */
  columns?: Record<number, string>
}

const WIDTHS = [
  3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15,
  1, 15, 32, 13, 13, 8, 32, 13, 13, 12, 2, 1, 131,
]

export const CARD_NO = '6217001210024455220'

function rowText(row: Row): string {
  const { txnType = '01', orderId, queryId, time, amountFen, feeFen = 0, columns = {} } = row
  const [money, fee] = txnType === '01' ? ['C', 'D'] : ['D', 'C']
  const values: Record<number, string> = {
    1: 'S22',
    4: '000001',
    5: time,
    6: CARD_NO,
    7: padded(amountFen),
    10: queryId,
    12: orderId,
    16: `${fee}${padded(feeFen)}`,
    17: `${money}${padded(amountFen - feeFen)}`,
    20: txnType,
    28: MER_ID,
    31: '市第一医院',
    ...columns,
  }
  return WIDTHS.map((width, i) => {
    const value = values[i + 1] ?? ''
    return value + ' '.repeat(Math.max(0, width - iconv.encode(value, 'gbk').length))
  }).join(' ')
}

export const listOf = (rows: readonly Row[]): Buffer =>
  iconv.encode(rows.map((row) => `${rowText(row)}\r\n`).join(''), 'gbk')

/** The fields of the answer that carries a list, named for its date: '261121'. */
export function fileAnswer(day: string, list: Buffer, merId = MER_ID) {
  const zip = zipSync({
    [`INN${day}88ZM_${merId}`]: new Uint8Array(list),
    [`INN${day}88ZME_${merId}`]: new Uint8Array(0),
  })
  return answerWith(Buffer.from(zip))
}

export const answerWith = (zip: Buffer) => ({
  respCode: '00',
  fileName: 'file.zip',
  fileContent: deflateSync(zip).toString('base64'),
})

const padded = (amountFen: number) => String(amountFen).padStart(12, '0')
