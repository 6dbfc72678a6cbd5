import { earliest, toShanghaiIso } from '../../../../../kernel/time.ts'
import { findBill } from '../../bill-rows.ts'
import type { His } from '../../context.ts'
import { nextCount } from '../../memory.ts'
import { untold } from '../../outbox.ts'
import { hospitalDigits } from '../../registry.ts'
import { findReport } from '../../reports.ts'

/** A notice of section 3 that was not told yet; `ref` is what it is about, once for each kind. */
type News = { type: string; ref: string; text: string }

/** What happened in the hospital that somebody outside may have to look at, at most so many of each kind. */
export const findNotices = (his: His, limit: number): News[] =>
  SOURCES.flatMap((source) =>
    untold(his, source, limit).flatMap((ref) => {
      const about = source.about(his, ref)
      return about ? [{ type: source.type, ref, text: noticeOf(his, source.type, about) }] : []
    }),
  )

/** When the next report that is waited for will be there. */
export const nextNoticeAt = (his: His): Date | null =>
  earliest(
    untold(his, REPORTS, MOST_WAITING).map((reportNo) => {
      const readyAt = reportNumbered(his, reportNo)?.readyAt
      return readyAt === undefined ? null : new Date(readyAt)
    }),
  )

const MOST_WAITING = 1_000

function noticeOf(his: His, kind: string, about: object): string {
  const { registry, store, clock } = his
  const count = String(nextCount(store, 'notice')).padStart(12, '0')
  const noticeNo = `TZ${hospitalDigits(registry.hospital)}${count}`
  return JSON.stringify({ noticeNo, kind, at: toShanghaiIso(clock.now()), about })
}

type Source = {
  type: string
  /** What there is to be told about. */
  refs: string
  /** Null where it is not to be told yet. */
  about: (his: His, ref: string) => object | null
}

const REPORTS: Source = {
  type: 'report.ready',
  refs: `select 'BG' || printf('%03d', line_no) || bill.bill_no as ref from bill, item
    where item.bill_no = bill.bill_no and charge_category in ('03', '04')
    and bill.status in ('paid', 'part_refunded') and item.status <> 'refunded'`,
  about(his, reportNo) {
    const report = reportNumbered(his, reportNo)
    return report?.status === 'ready' ? { reportNo, patientNo: report.patientNo } : null
  },
}

const SOURCES: readonly Source[] = [
  {
    type: 'schedule.stopped',
    refs: 'select clinic_no as ref from clinic_stop',
    about({ store }, scheduleNo) {
      const sql = 'select reason from clinic_stop where clinic_no = ?'
      return {
        scheduleNo,
        slotNo: null,
        reason: store.get<{ reason: string }>(sql, scheduleNo)?.reason ?? '',
      }
    },
  },
  {
    type: 'bill.changed',
    refs: `select bill_no || '/' || version as ref from bill where status = 'open' and version > 1`,
    about(his, ref) {
      const bill = findBill(his, ref.split('/')[0] ?? '')
      return bill && { billNo: bill.billNo, patientNo: bill.patientNo }
    },
  },
  REPORTS,
]

/** The number of a report is that of a line and its bill: 'BG003ZD0120261121000001'. */
function reportNumbered(his: His, reportNo: string) {
  const bill = findBill(his, reportNo.slice('BG000'.length))
  return bill && findReport(his, { reportNo, patientNo: bill.patientNo })
}
