import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import iconv from 'iconv-lite'

import {
  addDays,
  type BusinessDate,
  businessDateOf,
  instantAt,
} from '../../../../../kernel/time.ts'
import type { His } from '../../context.ts'
import { dayBook, type DayLine } from '../../day-book.ts'
import { done } from '../../protocol.ts'
import { getRegistration } from '../../registrations.ts'
import { personOf } from '../../registry.ts'
import { day, text, wallClock } from '../fields.ts'
import { service, type Service } from '../service.ts'

export type CheckFiles = {
  hospitalCode: string
  /** Where the SFTP server would have them. */
  folder: string
}

/** Y: the file lies in the folder; I: the day is not made up yet; N: nothing moved on that day. */
export const checkFileServices: Record<string, Service> = {
  getHisCheckFile: service({
    shape: { hospitalId: text(20), checkDate: day },
    operation: 'reconciliation.dayList',
    key: ({ checkDate }) => checkDate,
    run(his, { checkDate, hospitalId }) {
      const lines = dayBook(his, checkDate)
      if (his.clock.now() < readyAt(checkDate)) return done({ fileStatus: 'I', fileName: null })
      if (lines.length === 0) return done({ fileStatus: 'N', fileName: null })
      return done({ fileStatus: 'Y', fileName: fileNameOf(hospitalId, checkDate) })
    },
  }),
}

/** Lays the files of the last days into the folder once each is made up: how many it laid. */
export function createFileLayer(his: His, files: CheckFiles) {
  let laidUpTo: BusinessDate | null = null

  return { runDue, nextDueAt }

  async function runDue(): Promise<number> {
    const now = his.clock.now()
    const today = businessDateOf(now)
    const last = now < readyAt(addDays(today, -1)) ? addDays(today, -2) : addDays(today, -1)
    // After a start the days before are laid anew: a file that is there already is the same.
    let date = laidUpTo === null ? addDays(last, 1 - DAYS_LAID) : addDays(laidUpTo, 1)
    let laid = 0
    for (; date <= last; date = addDays(date, 1)) laid += await lay(his, files, date)
    laidUpTo = last
    return laid
  }

  function nextDueAt(): Date | null {
    return laidUpTo === null ? his.clock.now() : readyAt(addDays(laidUpTo, 1))
  }
}

const DAYS_LAID = 3

const readyAt = (date: BusinessDate): Date => instantAt(addDays(date, 1), '00:05:00')

const fileNameOf = (hospitalCode: string, date: BusinessDate): string =>
  `HIS_${hospitalCode}_${date.replaceAll('-', '')}.txt`

async function lay(his: His, { hospitalCode, folder }: CheckFiles, date: BusinessDate) {
  const lines = dayBook(his, date)
  if (lines.length === 0) return 0
  await mkdir(folder, { recursive: true })
  const path = join(folder, fileNameOf(hospitalCode, date))
  // Whoever fetches it finds all of it or nothing.
  await writeFile(`${path}.tmp`, iconv.encode(fileOf(his, hospitalCode, date, lines), 'gbk'))
  await rename(`${path}.tmp`, path)
  return 1
}

function fileOf(his: His, hospitalCode: string, date: BusinessDate, lines: DayLine[]): string {
  const sumOf = (kind: DayLine['kind']) =>
    lines.reduce((sum, line) => (line.kind === kind ? sum + line.amountFen : sum), 0)
  const head = [hospitalCode, date, lines.length, sumOf('payment'), sumOf('refund')]
  const rows = lines.map((line) => rowOf(his, line))
  return [`#${head.join('|')}`, COLUMNS, ...rows, '#END', ''].join('\r\n')
}

const COLUMNS =
  '交易类型|业务类型|订单号|退款单号|HIS流水号|收据号|总金额|统筹金额|个账金额|患者姓名|交易时间'

function rowOf(his: His, line: DayLine): string {
  const name = personOf(his.registry, line.patientNo)?.name ?? ''
  return [
    line.kind === 'payment' ? '1' : '2',
    busTypeOf(his, line),
    line.paymentNo,
    line.refundNo ?? '',
    line.subjectNo,
    line.receiptNo,
    line.amountFen,
    line.pooledFen,
    line.accountFen,
    name,
    wallClock(line.at),
  ].join('|')
}

/** 1 预约挂号, 2 当班挂号, 3 门诊缴费, 4 住院押金. */
function busTypeOf(his: His, { scene, subjectNo, at }: DayLine): string {
  if (scene === 'outpatient') return '3'
  if (scene !== 'registration') return '4'
  return getRegistration(his, subjectNo)?.date === businessDateOf(at) ? '2' : '1'
}
