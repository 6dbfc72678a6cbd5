import { Compile } from 'typebox/compile'

import { Notice } from '../../interface/notices.ts'
import type { Check } from '../check.ts'
import { expectSame, expectThat, NotTried } from '../outcome.ts'
import type { Session } from '../session.ts'
import { paidBill } from '../steps.ts'
import type { HeardRequest } from '../subject.ts'

const NEEDS = ['listener', 'refunds.request'] as const
const RETRY_SECONDS = 20

/** What the hospital tells the hub of its own accord, as the kit's ear hears it. */
export const toldChecks: readonly Check[] = [
  told('refund', 'his.refundRequests.signed', {
    title: { zh: '院方退费请求有签名', en: 'a refund request is signed' },
    needs: NEEDS,
    run: askedFor,
  }),
  told('refund', 'his.refundRequests.again', {
    title: {
      zh: '未获答复的请求原样重发',
      en: 'a request without an answer comes again, the same',
    },
    needs: NEEDS,
    run: askedAgain,
  }),
  told('system', 'his.notices.form', {
    title: { zh: '通知的签名、格式与编号', en: 'notices are signed and have their form' },
    needs: ['listener'],
    run: notices,
  }),
]

/** It proves no operation: the hospital asks here, and answers nothing. */
function told(
  subject: Check['subject'],
  id: string,
  rest: Pick<Check, 'title' | 'needs' | 'run'>,
): Check {
  return { id, subject, paragraph: '§3', operation: null, isGate: false, ...rest }
}

async function askedFor(session: Session): Promise<void> {
  const { requestNo, paymentNo } = await request(session)
  const [first] = await heardOf(session, requestNo, 1)
  expectSame('its signature', first?.believed, 'ok')
  const body = fieldsOf(first)
  const fields = Object.keys(body).toSorted()
  expectSame('its fields', fields, ['billNo', 'lines', 'paymentNo', 'reason', 'requestNo'])
  expectSame('its payment', body['paymentNo'], paymentNo)
}

async function askedAgain(session: Session): Promise<void> {
  session.listener().refuseNext(1)
  const { requestNo } = await request(session)
  await heardOf(session, requestNo, 1)
  if (session.offers('time.move')) await session.moveTime(RETRY_SECONDS)
  const [first, second] = await heardOf(session, requestNo, 2)
  expectSame('the second sending', second?.body, first?.body)
  expectThat(first?.nonce !== second?.nonce, 'its nonce', 'another', second?.nonce ?? 'none')
}

async function request(session: Session) {
  const { bill, payment } = await paidBill(session)
  const lineNos = bill.items.slice(0, 1).map(({ lineNo }) => lineNo)
  const body = { billNo: bill.billNo, lineNos, reason: '医生停用' }
  const { requestNo } = await session.hand('refunds.request', body)
  return { requestNo, paymentNo: payment.paymentNo }
}

/** The first sendings of a request; fails when there are not so many. */
async function heardOf(
  session: Session,
  requestNo: string,
  times: number,
): Promise<HeardRequest[]> {
  const its = (all: readonly HeardRequest[]) =>
    all.filter((heard) => fieldsOf(heard)['requestNo'] === requestNo)
  const listener = session.listener()
  await listener.waitFor((all) => its(all).length >= times)
  const found = its(listener.heard())
  expectThat(found.length >= times, 'how often the request was sent', String(times), found.length)
  return found
}

const NoticeForm = Compile(Notice)

async function notices(session: Session): Promise<void> {
  await Promise.resolve()
  const heard = session
    .listener()
    .heard()
    .filter(({ kind }) => kind === 'notices')
  if (heard.length === 0) {
    throw new NotTried({ zh: '本次没有收到通知', en: 'no notice was sent in this run' })
  }
  const bodies = new Map<string, string>()
  for (const notice of heard) {
    expectSame('its signature', notice.believed, 'ok')
    expectThat(NoticeForm.Check(notice.body), 'a notice', 'the form of §3', notice.body)
    const number = String(fieldsOf(notice)['noticeNo'])
    const text = JSON.stringify(notice.body)
    expectSame(`notice ${number}, sent again`, text, bodies.get(number) ?? text)
    bodies.set(number, text)
  }
}

function fieldsOf(heard: HeardRequest | undefined): Readonly<Record<string, unknown>> {
  const body = heard?.body
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
