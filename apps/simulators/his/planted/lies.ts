import { fen, toYuanText } from '../../../../kernel/money.ts'
import type { Lie, Overheard, Told } from './proxy.ts'

/** A hospital that is wrong in one point. */
export type Planted = {
  name: string
  title: { zh: string; en: string }
  /** The checks that must tell, and no other may. */
  failsIn: readonly string[]
  isUnsigned?: boolean
  /** It is only to be seen on a day of more rows than a page holds. */
  needsBigDay?: boolean
  /** A new one for every run, as some remember what they were asked. */
  lie: () => Lie
}

const planted = (
  name: string,
  [zh, en]: readonly [string, string],
  failsIn: readonly string[],
  lie: () => Lie,
): Planted => ({ name, title: { zh, en }, failsIn, lie })

/** Lies only about one operation, knowing the truth. */
const about =
  (
    operation: string,
    change: (told: Told, overheard: Overheard) => Told | null | Promise<Told | null>,
  ) =>
  (): Lie =>
  async (overheard) =>
    overheard.operation === operation ? change(await overheard.truth(), overheard) : null

const truthful: Lie = () => Promise.resolve(null)

export const PLANTED: readonly Planted[] = [
  {
    ...planted(
      'answers-unsigned',
      ['应答不签名', 'answers are not signed'],
      ['heartbeat.signed'],
      () => truthful,
    ),
    isUnsigned: true,
  },
  planted(
    'accepts-wrong-signature',
    ['不验签名', 'believes a wrong signature'],
    ['heartbeat.signature-wrong', 'heartbeat.body-altered'],
    believes('signature is not right'),
  ),
  planted(
    'accepts-old-timestamp',
    ['不查时间戳', 'believes any timestamp'],
    ['heartbeat.timestamp-old', 'heartbeat.timestamp-ahead'],
    believes('s off'),
  ),
  planted(
    'accepts-replay',
    ['不防重放', 'believes a replay'],
    ['heartbeat.replayed'],
    believes('used before'),
  ),
  planted(
    'takes-unknown-fields',
    ['接受未知字段', 'takes unknown fields'],
    ['heartbeat.unknown-field'],
    about('heartbeat', (told, { body, ask }) =>
      told.code === 'INVALID_REQUEST' && body && 'surplus' in body ? ask('heartbeat', {}) : null,
    ),
  ),
  planted(
    'resolves-by-number-only',
    ['只凭证件号认人', 'finds a patient by the number alone'],
    ['patients.resolve.other-name'],
    byNumberOnly,
  ),
  planted(
    'garbles-rare-characters',
    ['生僻字变问号', 'garbles rare characters'],
    ['patients.resolve.odd-names'],
    about('patients.resolve', (told) => ({
      ...told,
      ...(told.data && { data: garbled(told.data) }),
    })),
  ),
  planted(
    'sells-a-slot-twice',
    ['一号卖两人', 'sells one slot twice'],
    ['slots.lock.one-winner'],
    sellsTwice,
  ),
  planted(
    'lock-never-expires',
    ['锁号永不过期', 'a lock never runs out'],
    ['slots.lock.runs-out'],
    neverRunsOut,
  ),
  planted(
    'cancel-keeps-the-slot',
    ['退号不放号源', 'cancelling keeps the slot'],
    ['appointments.cancel.frees'],
    keepsTheSlot,
  ),
  planted(
    'takes-numbers-any-day',
    ['任何一天都能取号', 'gives numbers on any day'],
    ['appointments.takeNumber.too-late'],
    about('appointments.takeNumber', (told) =>
      told.code === 'TOO_LATE'
        ? ok({ queueNo: '1', calling: null, ahead: 0, status: 'waiting', location: '门诊' })
        : null,
    ),
  ),
  planted(
    'amounts-in-yuan',
    ['金额用元', 'amounts are in yuan'],
    ['bills.get.answer', 'bills.get.many-items', 'bills.list.answer'],
    () =>
      async ({ operation, truth }) =>
        operation === 'bills.get' || operation === 'bills.list' ? inYuan(await truth()) : null,
  ),
  planted(
    'cuts-bills-at-100-lines',
    ['账单截到 100 行', 'cuts a bill at 100 lines'],
    ['bills.get.many-items'],
    about('bills.get', (told) => cutAt(told, 100)),
  ),
  planted(
    'forgets-idempotency',
    ['重复回写另开收据', 'a repeated write-back gets another receipt'],
    ['bills.writeBack.repeated'],
    forgetful('bills.writeBack', (body) => JSON.stringify(body)),
  ),
  planted(
    'takes-another-body',
    ['同键异文照收', 'takes another body under the same key'],
    ['bills.writeBack.different'],
    about('bills.writeBack', (told, { now }) =>
      told.code === 'DUPLICATE_DIFFERENT' ? receipt('SJ-FIRST', now()) : null,
    ),
  ),
  planted(
    'pays-twice',
    ['已缴账单再收一次', 'takes a second payment of a paid bill'],
    ['bills.writeBack.paid-by-other'],
    about('bills.writeBack', (told, { now }) =>
      told.code === 'BILL_ALREADY_PAID' ? receipt('SJ-SECOND', now()) : null,
    ),
  ),
  planted(
    'wrong-total-in-changed',
    ['版本变更答复的合计有误', 'says a wrong total in BILL_CHANGED'],
    ['bills.writeBack.changed'],
    about('bills.writeBack', (told) =>
      told.code === 'BILL_CHANGED'
        ? { ...told, data: { ...told.data, totalFen: Number(told.data?.['totalFen']) + 1 } }
        : null,
    ),
  ),
  planted(
    'takes-short-tenders',
    ['支付方式合计不符照收', 'takes tenders that do not add up'],
    ['bills.writeBack.amounts'],
    about('bills.writeBack', (told, { now }) =>
      told.code === 'AMOUNT_MISMATCH' ? receipt('SJ-SHORT', now()) : null,
    ),
  ),
  planted(
    'void-not-remembered',
    ['冲正不作记录', 'does not remember what was taken back'],
    ['bills.voidWriteBack.late', 'bills.voidWriteBack.unheard'],
    forgetsVoids,
  ),
  planted(
    'refund-lock-missing',
    ['退费不锁项目', 'does not lock lines under refund'],
    ['refunds.approve.locked'],
    locksNothing,
  ),
  planted(
    'two-refund-receipts',
    ['重复完成另开红冲收据', 'a repeated refund gets another receipt'],
    ['refunds.complete.repeated'],
    forgetful('refunds.complete', (body) => JSON.stringify(body)),
  ),
  planted(
    'day-list-misses-refunds',
    ['日清单漏退费', 'the day list misses refunds'],
    ['reconciliation.dayList.rows'],
    about('reconciliation.dayList', withoutRefunds),
  ),
  planted(
    'day-list-totals-wrong',
    ['日清单合计有误', 'the totals of the day list are wrong'],
    ['reconciliation.dayList.totals'],
    about('reconciliation.dayList', (told) => {
      const totals = objectIn(told, 'totals')
      if (!totals) return null
      const paymentsFen = Number(totals['paymentsFen']) + 100
      return { ...told, data: { ...told.data, totals: { ...totals, paymentsFen } } }
    }),
  ),
  {
    ...planted(
      'day-list-ends-at-500',
      ['日清单只给前 500 笔', 'the day list ends at 500 rows'],
      ['reconciliation.dayList.big', 'reconciliation.dayList.rows'],
      about('reconciliation.dayList', firstPageOnly),
    ),
    needsBigDay: true,
  },
]

/** The first page for the whole day, with the totals of what is on it. */
function firstPageOnly(told: Told): Told | null {
  if (told.code !== 'OK' || Number(told.data?.['pages']) < 2) return null
  const rows = arrayIn(told, 'rows')
  const of = (wanted: string) => rows.filter(({ kind }) => kind === wanted)
  const sum = (wanted: string) =>
    of(wanted).reduce((total, { amountFen }) => total + Number(amountFen), 0)
  const totals = {
    payments: of('payment').length,
    paymentsFen: sum('payment'),
    refunds: of('refund').length,
    refundsFen: sum('refund'),
  }
  return { ...told, data: { rows, page: 1, pages: 1, totals } }
}

const ok = (data: Readonly<Record<string, unknown>>): Told => ({ code: 'OK', message: '', data })

const receipt = (receiptNo: string, at: Date): Told =>
  ok({ receiptNo, confirmedAt: at.toISOString(), guidance: [] })

/** Asks again in the hub's name where the truth is a disbelief of this sort. */
function believes(reason: string): () => Lie {
  return about('heartbeat', (told, { ask }) =>
    told.message.includes(reason) ? ask('heartbeat', {}) : null,
  )
}

/** Another answer to the same question than the first time. */
function forgetful(operation: string, keyOf: (body: object) => string): () => Lie {
  return () => {
    const asked = new Set<string>()
    return async (overheard) => {
      if (overheard.operation !== operation || !overheard.body) return null
      const key = keyOf(overheard.body)
      const told = await overheard.truth()
      if (told.code !== 'OK' || !asked.has(key)) {
        asked.add(key)
        return null
      }
      return { ...told, data: { ...told.data, receiptNo: `SJ-AGAIN-${asked.size}` } }
    }
  }
}

/** Whoever was found once is found again by the number, and called what they are asked for. */
function byNumberOnly(): Lie {
  const found = new Map<unknown, Told>()
  return async ({ operation, body, truth }) => {
    if (operation !== 'patients.resolve') return null
    const told = await truth()
    const idCardNo = body?.['idCardNo']
    if (told.code === 'OK') found.set(idCardNo, told)
    const other = told.code === 'PATIENT_NOT_FOUND' ? found.get(idCardNo) : undefined
    return other ? { ...other, data: { ...other.data, name: body?.['name'] } } : null
  }
}

function sellsTwice(): Lie {
  const sold = new Map<string, Told>()
  return async ({ operation, body, truth }) => {
    if (operation !== 'slots.lock' || !body) return null
    const told = await truth()
    const slot = slotOf(body)
    if (told.code === 'OK') sold.set(slot, told)
    return told.code === 'SLOT_TAKEN' ? (sold.get(slot) ?? null) : null
  }
}

const slotOf = (body: Readonly<Record<string, unknown>>): string =>
  JSON.stringify([body['scheduleNo'], body['slotNo']])

/** A slot stays with whoever locked it first, until they unlock it themselves. */
function neverRunsOut(): Lie {
  const holders = new Map<string, unknown>()
  return async ({ operation, body, truth }) => {
    if (operation === 'slots.unlock') {
      for (const [slot, lockNo] of holders) if (lockNo === body?.['lockNo']) holders.delete(slot)
    }
    if (operation !== 'slots.lock' || !body) return null
    const holder = holders.get(slotOf(body))
    if (holder !== undefined && holder !== body['lockNo']) {
      return { code: 'SLOT_TAKEN', message: 'the slot is locked' }
    }
    const told = await truth()
    if (told.code === 'OK') holders.set(slotOf(body), body['lockNo'])
    return null
  }
}

function keepsTheSlot(): Lie {
  const places = new Map<unknown, unknown[]>()
  const kept = new Set<string>()
  return async ({ operation, body, truth }) => {
    if (operation === 'appointments.register') {
      places.set(body?.['appointmentNo'], [body?.['scheduleNo'], body?.['slotNo']])
    }
    if (operation === 'appointments.cancel') {
      kept.add(JSON.stringify(places.get(body?.['appointmentNo'])))
    }
    if (operation !== 'slots.list') return null
    const told = await truth()
    const slots = arrayIn(told, 'slots').map((slot) =>
      kept.has(JSON.stringify([body?.['scheduleNo'], slot['slotNo']]))
        ? { ...slot, status: 'taken' }
        : slot,
    )
    return told.code === 'OK' ? { ...told, data: { ...told.data, slots } } : null
  }
}

function forgetsVoids(): Lie {
  const taken = new Set<string>()
  const keyOf = (body: Readonly<Record<string, unknown>>) =>
    JSON.stringify([body['paymentNo'], body['billNo']])
  return async ({ operation, body, truth, now }) => {
    if (operation === 'bills.voidWriteBack' && body) taken.add(keyOf(body))
    if (operation !== 'bills.writeBack' || !body || !taken.has(keyOf(body))) return null
    const told = await truth()
    return told.code === 'BILL_VOID' ? receipt('SJ-LATE', now()) : null
  }
}

/** Lines that are only under refund can be had again; what is refunded or dispensed cannot. */
function locksNothing(): Lie {
  const open = new Map<unknown, unknown>()
  return async ({ operation, body, truth }) => {
    if (operation === 'refunds.complete' || operation === 'refunds.cancel') {
      open.delete(body?.['refundNo'])
    }
    if (operation !== 'refunds.approve' || !body) return null
    const told = await truth()
    if (told.code === 'OK') open.set(body['refundNo'], body['billNo'])
    const isLocked = [...open.values()].includes(body['billNo'])
    return told.code === 'REFUND_NOT_ALLOWED' && isLocked ? ok({ approvalNo: 'TF-AGAIN' }) : null
  }
}

function withoutRefunds(told: Told): Told | null {
  const totals = objectIn(told, 'totals')
  if (!totals) return null
  const rows = arrayIn(told, 'rows').filter(({ kind }) => kind !== 'refund')
  const fewer = { ...totals, refunds: 0, refundsFen: 0 }
  return { ...told, data: { ...told.data, rows, totals: fewer } }
}

/** Every character beyond the first plane, and the rarer ones of it, becomes a question mark. */
const garbled = (data: Readonly<Record<string, unknown>>) => ({
  ...data,
  name: textOf(data['name']).replaceAll(/[\u3400-\u4dbf\u{20000}-\u{3ffff}]/gu, '?'),
})

/** 1234 fen become the text 12.34. */
const inYuan = (told: Told): Told =>
  JSON.parse(JSON.stringify(told), (name, value: unknown) =>
    name.endsWith('Fen') && typeof value === 'number' ? toYuanText(fen(value)) : value,
  ) as Told

function cutAt(told: Told, most: number): Told | null {
  const bill = objectIn(told, 'bill')
  const items = bill ? listOf(bill['items']) : []
  if (!bill || items.length <= most) return null
  const kept = items.slice(0, most)
  const totalFen = kept.reduce((sum, item) => sum + Number(item['amountFen']), 0)
  return { ...told, data: { bill: { ...bill, items: kept, totalFen } } }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function objectIn(told: Told, name: string): Readonly<Record<string, unknown>> | null {
  const value = told.data?.[name]
  return typeof value === 'object' && value !== null ? { ...value } : null
}

const arrayIn = (told: Told, name: string) => listOf(told.data?.[name])

const listOf = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? (value as Readonly<Record<string, unknown>>[]) : []
