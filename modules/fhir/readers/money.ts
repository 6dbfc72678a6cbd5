import { AppError } from '../../../kernel/error.ts'
import { type HospitalId, isId } from '../../../kernel/id.ts'
import { addMs, businessDateOf, isBusinessDate } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { type KeptBill, keptBillsPage } from '../../billing/index.ts'
import type { DepositAccountId } from '../../deposits/index.ts'
import type { PersonId } from '../../identity/index.ts'
import {
  listPaymentIds,
  payerStateOf,
  type PaymentId,
  paymentNoOf,
  type PaymentPicture,
  picturesOf,
} from '../../payments/index.ts'
import { type ListFilter, type ListOfDay, listsOfDays } from '../../reconciliation/index.ts'
import type { Viewer } from '../access.ts'
import type { FhirDependencies } from '../dependencies.ts'
import { fhirErrors } from '../errors.ts'
import { idOf, lineIdOf, lineOf, listIdOf, listOf, numberOf } from '../ids.ts'
import { toAccount } from '../resources/account.ts'
import { toChargeItem } from '../resources/charge-item.ts'
import { toInvoice } from '../resources/invoice.ts'
import { toPaymentNotice } from '../resources/payment-notice.ts'
import { toPaymentReconciliation } from '../resources/payment-reconciliation.ts'
import type { Placed } from '../search/collect.ts'
import { boundsOf } from '../search/dates.ts'
import { codeOf, datesOf, referredId, type SearchQuery } from '../search/query.ts'
import { maySee, orNull, personIn, placeOf, type Reader } from './reader.ts'

// What is owed, what was paid, what is kept, and what others say of it.

export function accountReader(deps: FhirDependencies): Reader {
  const { deposits } = deps
  return {
    async read(viewer, id) {
      if (!isId(id)) return null
      const key = { hospitalId: viewer.hospitalId, accountId: id as DepositAccountId }
      const found = await orNull(deposits.account(key))
      if (!found || !(await maySee(deps, viewer, found.account.personId))) return null
      return toAccount(found.account)
    },
    async page(viewer, query, after, limit) {
      const personId = await personIn(deps, viewer, query)
      if (personId === 'nobody') return []
      const accounts = await deposits.list(viewer.hospitalId, {
        personId: personId ?? undefined,
        before: placeOf<DepositAccountId>(after),
        limit,
      })
      return accounts.map((account) => ({ resource: toAccount(account), cursor: account.id }))
    },
  }
}

export function invoiceReader(deps: FhirDependencies): Reader {
  return {
    async read(viewer, id) {
      const bill = await billFor(deps, viewer, numberOf(id))
      return bill && invoiceOf(viewer, bill)
    },
    async page(viewer, query, after, limit) {
      const bills = await billsFor(deps, viewer, query, after, limit)
      return bills.map((bill) => ({
        resource: invoiceOf(viewer, bill),
        cursor: placeOfBill(bill),
      }))
    },
  }
}

const invoiceOf = ({ kind, hospitalId }: Viewer, bill: KeptBill) =>
  toInvoice({ hospitalId, bill, isPlain: kind === 'application' })

export function chargeItemReader(deps: FhirDependencies): Reader {
  return {
    async read(viewer, id) {
      const place = lineOf(id)
      const bill = place && (await billFor(deps, viewer, place.billNo))
      const line = bill?.payable.lines.find(({ lineNo }) => lineNo === place?.lineNo)
      if (!bill || !line) return null
      return toChargeItem({ hospitalId: viewer.hospitalId, bill, line })
    },
    async page(viewer, query, after, limit) {
      // A place is a line: the rest of its bill comes first.
      const from = after === null ? null : lineOf(after)
      if (after !== null && !from) throw wrongCursor()
      const begun = from ? await billFor(deps, viewer, from.billNo) : null
      const bills = await billsFor(deps, viewer, query, from && (idOf(from.billNo) ?? ''), limit)
      const rest = begun ? linesOf(viewer.hospitalId, begun) : []
      const left = rest.filter(({ lineNo }) => lineNo > (from?.lineNo ?? 0))
      const lines = [...left, ...bills.flatMap((bill) => linesOf(viewer.hospitalId, bill))]
      return lines.slice(0, limit)
    },
  }
}

const linesOf = (hospitalId: HospitalId, bill: KeptBill): (Placed & { lineNo: number })[] =>
  bill.payable.lines.flatMap((line) => {
    const cursor = lineIdOf(line.billNo, line.lineNo)
    if (cursor === null) return []
    return [{ resource: toChargeItem({ hospitalId, bill, line }), cursor, lineNo: line.lineNo }]
  })

async function billFor(
  deps: FhirDependencies,
  viewer: Viewer,
  billNo: string | null,
): Promise<KeptBill | null> {
  if (billNo === null) return null
  const { hospitalId } = viewer
  const [bill] = await inHospital(deps.db, hospitalId, (tx) =>
    keptBillsPage(tx, hospitalId, { billNo, limit: 1 }),
  )
  return bill && (await maySee(deps, viewer, bill.personId)) ? bill : null
}

/** A person's bills are read from the hospital first; where it does not answer, they are as they were said last. */
async function billsFor(
  deps: FhirDependencies,
  viewer: Viewer,
  query: SearchQuery,
  after: string | null,
  limit: number,
): Promise<KeptBill[]> {
  const personId = await personIn(deps, viewer, query)
  if (personId === 'nobody') return []
  const { hospitalId } = viewer
  if (personId !== null && after === null) await readAnew(deps, hospitalId, personId)
  const place = after === null ? undefined : numberOf(after)
  if (place === null) throw wrongCursor()
  const bills: KeptBill[] = []
  let from = place
  // Bills that have no place of FHIR's are passed over, and the page is filled from behind them.
  for (;;) {
    const filter = { personId: personId ?? undefined, after: from, limit }
    const page = await inHospital(deps.db, hospitalId, (tx) =>
      keptBillsPage(tx, hospitalId, filter),
    )
    bills.push(...page.filter(({ payable }) => idOf(payable.billNo) !== null))
    if (page.length < limit || bills.length >= limit) return bills.slice(0, limit)
    from = page.at(-1)?.payable.billNo
  }
}

async function readAnew(
  { billing }: FhirDependencies,
  hospitalId: HospitalId,
  personId: PersonId,
): Promise<void> {
  try {
    await billing.openBills(hospitalId, personId)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
  }
}

const placeOfBill = ({ payable }: KeptBill): string => idOf(payable.billNo) ?? ''

const wrongCursor = () => fhirErrors.parameter_wrong({ parameter: '_cursor', rule: 'cursor' })

export function paymentNoticeReader(deps: FhirDependencies): Reader {
  const { db } = deps
  return {
    async read(viewer, id) {
      if (!isId(id)) return null
      const { hospitalId } = viewer
      const [picture] = await inHospital(db, hospitalId, (tx) =>
        picturesOf(tx, hospitalId, [id as PaymentId]),
      )
      if (picture?.payment.status !== 'succeeded') return null
      if (!(await isOf(deps, viewer, picture))) return null
      return noticeOf(hospitalId, picture)
    },
    async page(viewer, query, after, limit) {
      const { hospitalId } = viewer
      const personId = await personIn(deps, viewer, query, { names: ['patient'] })
      if (personId === 'nobody') return []
      const billNo = numberOf(referredId(query, 'request', 'Invoice') ?? '')
      const pictures = await inHospital(db, hospitalId, (tx) =>
        succeeded(tx, hospitalId, {
          personId: personId ?? undefined,
          billNo: billNo ?? undefined,
          before: placeOf<PaymentId>(after),
          limit,
        }),
      )
      return withoutOthers(deps, viewer, pictures)
    },
  }
}

type PaymentsAsked = {
  personId: PersonId | undefined
  billNo: string | undefined
  before: PaymentId | undefined
  limit: number
}

const succeeded = async (tx: Tx, hospitalId: HospitalId, asked: PaymentsAsked) =>
  picturesOf(
    tx,
    hospitalId,
    await listPaymentIds(tx, hospitalId, { ...asked, statuses: ['succeeded'] }),
  )

/** Of a page for an application, those that it did not begin are there by their place alone, and fit nothing. */
async function withoutOthers(
  deps: FhirDependencies,
  viewer: Viewer,
  pictures: readonly PaymentPicture[],
): Promise<Placed[]> {
  return Promise.all(
    pictures.map(async (picture) => ({
      resource: noticeOf(viewer.hospitalId, picture),
      cursor: picture.payment.id,
      isHidden: viewer.kind === 'application' && !(await isOf(deps, viewer, picture)),
    })),
  )
}

async function isOf(
  { acting }: FhirDependencies,
  viewer: Viewer,
  { payment }: PaymentPicture,
): Promise<boolean> {
  switch (viewer.kind) {
    case 'person':
      return viewer.personId === payment.personId
    case 'staff':
      return true
    case 'application': {
      const { hospitalId, applicationId } = viewer
      const payer = acting.payerOf(hospitalId, applicationId, payment.id)
      return (await orNull(payer, ['forbidden', 'not_found'])) !== null
    }
  }
}

function noticeOf(hospitalId: HospitalId, picture: PaymentPicture) {
  const { payment, bills } = picture
  const succeededAt = payment.succeededAt ?? payment.createdAt
  return toPaymentNotice({
    hospitalId,
    id: payment.id,
    paymentNo: paymentNoOf(payment),
    totalFen: payment.totalFen,
    isRefunded: payerStateOf(picture) === 'refunded',
    paidAt: payment.paidAt ?? succeededAt,
    succeededAt,
    billNos: bills.map(({ billNo }) => billNo),
  })
}

export function paymentReconciliationReader({ db }: FhirDependencies): Reader {
  const lists = (hospitalId: HospitalId, filter: ListFilter): Promise<ListOfDay[]> =>
    inHospital(db, hospitalId, (tx) => listsOfDays(tx, hospitalId, filter))
  return {
    async read({ hospitalId }, id) {
      const place = listOf(id)
      if (!place || !isBusinessDate(place.date)) return null
      const { date, source } = place
      const [list] = await lists(hospitalId, { from: date, to: date, source, limit: 1 })
      return list ? toPaymentReconciliation({ hospitalId, list }) : null
    },
    async page({ hospitalId }, query, after, limit) {
      const place = after === null ? null : listOf(after)
      if (after !== null && !(place && isBusinessDate(place.date))) throw wrongCursor()
      const { from, to } = boundsOf(datesOf(query, 'period'))
      const found = await lists(hospitalId, {
        from: from ? businessDateOf(from) : undefined,
        to: to ? businessDateOf(addMs(to, -1)) : undefined,
        source: codeOf(query, 'payment-issuer') ?? undefined,
        before: place ? { businessDate: place.date, source: place.source } : undefined,
        limit,
      })
      return found.map((list) => ({
        resource: toPaymentReconciliation({ hospitalId, list }),
        cursor: listIdOf(list.businessDate, list.source) ?? '',
      }))
    },
  }
}
