import { addDays, businessDateOf } from '../../../../kernel/time.ts'
import { type Check, checksOf } from '../check.ts'
import { expectSame, NotTried, okOf, prepared, refusedOf } from '../outcome.ts'
import type { Session } from '../session.ts'

const check = checksOf('report')
const LIST = 'reports.list'
const GET = 'reports.get'
const DAYS_BACK = 30

export const reportChecks: readonly Check[] = [
  check(LIST, 'answer', ['报告列表', 'reports are listed'], async (s) => {
    okOf(LIST, await listed(s), 'the reports of a month')
  }),
  check(
    LIST,
    'unknown',
    ['未知患者有明确答复', 'an unknown patient is PATIENT_NOT_FOUND'],
    async (s) => {
      const answer = await listed(s, s.newNo('X'))
      refusedOf(LIST, answer, ['patient_not_found'], 'an unknown patient')
    },
  ),
  check(
    GET,
    'unknown',
    ['未知报告有明确答复', 'an unknown report is REPORT_NOT_FOUND'],
    async (s) => {
      const answer = await s.his.report(s.call, s.newNo('D'))
      refusedOf(GET, answer, ['report_not_found'], 'an unknown report')
    },
  ),
  check(
    GET,
    'not-ready',
    ['未出的报告不给内容', 'what is not ready is REPORT_NOT_FOUND'],
    async (s) => {
      const head = prepared(LIST, await listed(s)).find(({ status }) => status !== 'ready')
      if (!head) throw nothing('没有未出的报告', 'every report of the sandbox is ready')
      const answer = await s.his.report(s.call, head.reportNo)
      refusedOf(GET, answer, ['report_not_found'], 'a report that is not ready')
    },
  ),
]

/** Tried last: what was ordered in the run has become ready by then. */
export const readyReportChecks: readonly Check[] = [
  check(GET, 'answer', ['报告明细', 'a report that is ready'], async (s) => {
    const { patientNo } = await s.patient(0)
    const head = prepared(LIST, await listed(s)).find(({ status }) => status === 'ready')
    if (!head) throw nothing('没有已出的报告', 'no report of the sandbox is ready')
    const report = okOf(GET, await s.his.report(s.call, head.reportNo), 'a report that is ready')
    const found = [report.head.reportNo, report.head.status, report.patientNo]
    expectSame('whose and which it is', found, [head.reportNo, 'ready', patientNo])
  }),
]

const nothing = (zh: string, en: string) => new NotTried({ zh, en })

async function listed(session: Session, of?: string) {
  const patientNo = of ?? (await session.patient(0)).patientNo
  const to = businessDateOf(session.clock.now())
  const asked = { patientNo, from: addDays(to, -DAYS_BACK), to }
  return session.his.reports(session.call, asked)
}
