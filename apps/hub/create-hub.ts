import { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addFen } from '../../kernel/money.ts'
import { businessDateOf, yearsBetween } from '../../kernel/time.ts'
import { createBilling } from '../../modules/billing/index.ts'
import { type Booking, createBooking } from '../../modules/booking/index.ts'
import { createCatalogue } from '../../modules/catalogue/index.ts'
import {
  type Channels,
  createChannelDrafts,
  createChannels,
  type ListsOf,
  type PayerFactsOf,
} from '../../modules/channels/index.ts'
import { createFamily } from '../../modules/family/index.ts'
import {
  createHeardMessages,
  createHospitalNotices,
  createHospitals,
  createRolloutProposals,
  createRollouts,
  type HospitalBilling,
} from '../../modules/hospitals/index.ts'
import { createIdentity } from '../../modules/identity/index.ts'
import { createLedger } from '../../modules/ledger/index.ts'
import {
  createBoundPatient,
  createPartners,
  createPayableStanding,
  createPlatformKey,
} from '../../modules/partners/index.ts'
import {
  chargesByDay,
  createPayments,
  createStanding,
  lastUsedChannel,
  paymentsOfPeople,
  type Payments,
  type PersonId,
  type Provider,
} from '../../modules/payments/index.ts'
import { createPersonIndex } from '../../modules/person-index/index.ts'
import { createQueueDesk, type QueueDesk } from '../../modules/queue/index.ts'
import { listFacts } from '../../modules/reconciliation/index.ts'
import { createRecordSharing } from '../../modules/record-sharing/index.ts'
import { createRegistry } from '../../modules/registry/index.ts'
import { createAudit } from '../../platform/audit.ts'
import type { Canaries } from '../../platform/canary.ts'
import { inHospital } from '../../platform/db.ts'
import { createPublish, type Handlers } from '../../platform/events.ts'
import { createKeepNotice } from '../../platform/inbox.ts'
import type { Wake } from '../../platform/wake.ts'
import { type Books, createBooks } from './books.ts'
import { type ConnectionOptions, connectionsOf } from './connections.ts'
import { createEstimates } from './estimates.ts'
import { createHeardNotices } from './heard-notices.ts'
import { onboardingOf } from './onboarding.ts'
import { createHubSealing } from './sealing.ts'
import { createSources, type Sources } from './sources.ts'
import { createVisitBills } from './visit-bills.ts'

export type Hub = ReturnType<typeof createHub>

export type HubOptions = ConnectionOptions & {
  wake: Wake
  canaries: Canaries
  /** How long the insurer's calls of one quote may take together, in real time. */
  quoteDeadlineMs: number
  /** Where lists that come as files are kept. */
  statementFolder?: string
  /** Where the heads of sealed logs are kept outside the database. */
  headFilePath?: string
  /** Waits in real time, while a reader waits for an event. */
  pause: (ms: number) => Promise<void>
  /** Providers to use in place of those the connections name: for measuring without their time. */
  providersOf?: (hospitalId: HospitalId) => Promise<ReadonlyMap<string, Provider>>
  /** The same for the hospitals' systems. */
  systemOf?: (hospitalId: HospitalId) => Promise<HospitalBilling | null>
}

/** Every module, made of its dependencies in the order of the map: what api and worker are built from. */
export function createHub(options: HubOptions) {
  const { clock, newId, canaries, onError } = options
  const publish = createPublish(options)
  const audit = createAudit(options)
  const identity = createIdentity(options)
  const personIndex = personIndexOf(options, identity)
  const connections = connectionsOf(options)
  const systemOf = options.systemOf ?? ((hospitalId: HospitalId) => connections.his.of(hospitalId))
  const hospitals = createHospitals({ ...options, systemOf })
  const rollouts = createRollouts(options)
  const ledger = createLedger({ clock, newId, canaries })
  const sources = createSources(options, { connections, identity, ledger, audit, publish })
  const { channels, providersOf } = channelsOf(options, { connections, identity, sources })
  const own = { identity, systemOf, rollouts, connections, hospitals }
  const billing = billingOf(options, own, () => ({ payments, estimates }))
  const catalogue = createCatalogue({ ...options, audit })
  const estimates = createEstimates({ catalogue, insurance: sources.insurance, billing, onError })
  const booking = bookingOf(options, own, () => payments)
  const queue = createQueueDesk({ ...options, audit, publish, identity, booking })
  const paymentDependencies = {
    ...options,
    ledger,
    providersOf,
    desk: booking.billDesk(billing.desk),
    publish,
    audit,
    keepNotice: createKeepNotice(options),
    payerAccountOf: async (personId: PersonId, provider: string) =>
      provider === 'wechat' ? identity.payerAccount(personId, provider) : null,
    chooseChannel: channels.chooseForPayer,
  }
  const payments: Payments = createPayments(paymentDependencies)
  const { insurance } = sources
  const parts = { ledger, audit, publish, providersOf, systemOf, payments, insurance }
  const books = createBooks(options, parts)
  const heard = createHeardNotices({ identity, personIndex, billing })
  const partners = partnersOf(options, { identity, billing, credit: sources.credit })
  const visitBills = createVisitBills(options, { billing, payments })
  const hearers = { ...books, heard, billing, booking, queue, partners, channels, estimates }
  return {
    publish,
    identity,
    personIndex,
    hospitals,
    rollouts,
    ...goingLiveOf(options, { hospitals, rollouts }),
    ...peopleOf(options, own, booking),
    ...standingApart(options),
    connections,
    sources,
    insurance,
    ledger,
    billing,
    booking,
    queue,
    visitBills,
    sealing: createHubSealing(options, partners),
    channels,
    catalogue,
    estimates,
    providersOf,
    payments,
    paymentDependencies,
    ...books,
    partners,
    handlers: handlersOf(hearers),
  }
}

/** How a hospital goes live, and how what is on there changes. */
const goingLiveOf = (options: HubOptions, own: Pick<HospitalParts, 'hospitals' | 'rollouts'>) => ({
  onboarding: onboardingOf(options, own),
  rolloutProposals: createRolloutProposals(options, own.rollouts),
})

/** Modules that no other is made of. */
const standingApart = (options: HubOptions) => ({
  hospitalNotices: createHospitalNotices({ ...options, publish: createPublish(options) }),
  hospitalMessages: createHeardMessages(options),
  channelDrafts: createChannelDrafts({ ...options, audit: createAudit(options) }),
  registry: createRegistry(options),
})

/** What people owe at hospitals. */
const billingOf = (
  { db, clock, newId }: HubOptions,
  { identity, systemOf, rollouts }: HospitalParts,
  later: () => { payments: Payments; estimates: ReturnType<typeof createEstimates> },
) =>
  createBilling({
    db,
    clock,
    newId,
    systemOf,
    patientNoOf: patientNoOf(identity, systemOf),
    isOnline: (hospitalId, code) => rollouts.isOn(hospitalId, 'payment', code),
    billsOfPayment: (hospitalId, id) => later().payments.billNosOf(hospitalId, id),
    onBillsRead: (hospitalId, bills) => later().estimates.learnFrom(hospitalId, bills),
  })

/** Numbers at hospitals: the hub's own, and those of the hospitals' systems. */
const bookingOf = (
  options: HubOptions,
  { identity, systemOf, rollouts, connections, hospitals }: HospitalParts,
  payments: () => Payments,
) =>
  createBooking({
    ...options,
    audit: createAudit(options),
    publish: createPublish(options),
    systemOf: (hospitalId) => connections.his.of(hospitalId),
    departmentsOf: (hospitalId) => hospitals.departments(hospitalId),
    patientNoOf: patientNoOf(identity, systemOf),
    requestRefund: (...request) => payments().requestRefund(...request),
    billsOfPayment: (hospitalId, id) => payments().billNosOf(hospitalId, id),
    isOnline: (hospitalId, code) => rollouts.isOn(hospitalId, 'booking', code),
  })

/** What people allow others: their family, and hospitals, whose own systems are asked for reports. */
function peopleOf(
  options: HubOptions,
  { identity, systemOf, connections, hospitals }: HospitalParts,
  booking: Booking,
) {
  const audit = createAudit(options)
  const recordSharing = createRecordSharing({
    ...options,
    audit,
    hospitals,
    identity,
    booking,
    systemOf: connections.his.of,
    patientNoOf: patientNoOf(identity, systemOf),
  })
  return { recordSharing, family: createFamily({ ...options, audit, identity }) }
}

type HospitalParts = {
  identity: ReturnType<typeof createIdentity>
  systemOf: (hospitalId: HospitalId) => Promise<HospitalBilling | null>
  rollouts: ReturnType<typeof createRollouts>
  connections: ReturnType<typeof connectionsOf>
  hospitals: ReturnType<typeof createHospitals>
}

/** Which records of the region might be of one person. What was paid is not asked of payments here. */
const personIndexOf = (options: HubOptions, identity: ReturnType<typeof createIdentity>) =>
  createPersonIndex({
    ...options,
    audit: createAudit(options),
    publish: createPublish(options),
    identity,
    trail: { paymentsOf: paymentsOfPeople },
    population: PEOPLE_OF_A_REGION,
  })

/** As many as the largest region has that was built like this: to look among fewer than thought is to link less. */
const PEOPLE_OF_A_REGION = 8_000_000

/** What a hospital's payments may go through: its channels, watched, and who pays a part. */
function channelsOf(options: HubOptions, { connections, sources, identity }: ProviderParts) {
  const channels = createChannels({
    ...options,
    audit: createAudit(options),
    providersOf: (hospitalId) => providersOf(hospitalId),
    volumesOf: (hospitalId, from, to) =>
      inHospital(options.db, hospitalId, (tx) => chargesByDay(tx, hospitalId, from, to)),
    payerFactsOf: payerFactsOf(options, identity),
    listsOf: listsOf(options),
    onError: (error) => options.onError?.(error, { hospitalId: null, subject: 'channel-health' }),
  })
  const providersOf =
    options.providersOf ??
    (async (hospitalId: HospitalId): Promise<ReadonlyMap<string, Provider>> => {
      const connected = await connections.channels.of(hospitalId)
      const providers = [
        ...[...connected.values()].map((channel): Provider => channels.guard(channel)),
        ...(await sources.of(hospitalId)),
      ]
      return new Map(providers.map((provider) => [provider.name, provider]))
    })
  return { channels, providersOf }
}

/** The software of institutions, and what it may be told of our payments and a patient's bills. */
function partnersOf(
  options: HubOptions,
  {
    identity,
    billing,
    credit,
  }: Pick<ProviderParts, 'identity'> & {
    billing: ReturnType<typeof createBilling>
    credit: Sources['credit']
  },
) {
  const standing = createStanding(options.db)
  return createPartners({
    ...options,
    audit: createAudit(options),
    platformKey: createPlatformKey(options.seal),
    facts: { payment: standing.paymentFactsOf, refund: standing.refundFactsOf },
    creditOf: (personId, hospitalId) => credit.creditOf(personId, hospitalId),
    boundPatient: createBoundPatient(identity),
    payableStanding: createPayableStanding({
      identity,
      async owedFen(hospitalId, personId) {
        const { bills, stale } = await billing.openBills(hospitalId, personId)
        return stale ? null : addFen(...bills.map((bill) => bill.totalFen))
      },
    }),
  })
}

type ProviderParts = {
  connections: ReturnType<typeof connectionsOf>
  sources: Sources
  identity: ReturnType<typeof createIdentity>
}

/** What the rules of a hospital may go by when a person pays. */
const payerFactsOf =
  ({ db, clock }: HubOptions, identity: ProviderParts['identity']): PayerFactsOf =>
  async (hospitalId, personId) => {
    const [lastUsed, { birthDate }] = await Promise.all([
      inHospital(db, hospitalId, (tx) => lastUsedChannel(tx, hospitalId, personId)),
      identity.personView(personId, 'owner'),
    ])
    const today = businessDateOf(clock.now())
    const attributes = birthDate ? { ageYears: yearsBetween(birthDate, today) } : {}
    return { preferred: null, lastUsed, attributes }
  }

/** How a channel's lists came, and how they came out against ours. */
const listsOf =
  ({ db }: HubOptions): ListsOf =>
  (hospitalId, channel, from, to) =>
    inHospital(db, hospitalId, (tx) => listFacts(tx, hospitalId, { source: channel, from, to }))

/** The number a hospital knows a person by, asked of its system once; null for who is no patient there. */
export const patientNoOf =
  (
    identity: ReturnType<typeof createIdentity>,
    systemOf: (hospitalId: HospitalId) => Promise<HospitalBilling | null>,
  ) =>
  async (personId: PersonId, hospitalId: HospitalId): Promise<string | null> => {
    const system = await systemOf(hospitalId)
    if (!system) return null
    const call = { trace: () => undefined }
    return identity.resolvePatient(personId, hospitalId, system, call).catch(nullIfNotAPatient)
  }

function nullIfNotAPatient(error: unknown): null {
  if (error instanceof AppError && error.code === 'identity.patient_not_found') return null
  throw error
}

type Hearers = Books & {
  heard: ReturnType<typeof createHeardNotices>
  billing: ReturnType<typeof createBilling>
  booking: Booking
  queue: QueueDesk
  partners: ReturnType<typeof createPartners>
  channels: Channels
  estimates: ReturnType<typeof createEstimates>
}

/** Who hears which event. */
const handlersOf = ({
  heard,
  billing,
  booking,
  queue,
  reconciliation,
  settlement,
  accounting,
  onStatementTaken,
  callsForPersons,
  partners,
  channels,
  estimates,
}: Hearers): Handlers => ({
  'payments.ended': [
    billing.onPaymentEnded,
    booking.onPaymentEnded,
    reconciliation.onPaymentEnded,
    partners.onPaymentEnded,
    estimates.onPaymentEnded,
  ],
  'payments.attention': [reconciliation.onPaymentAttention],
  'refunds.ended': [booking.onRefundEnded, reconciliation.onRefundEnded, partners.onRefundEnded],
  'refunds.attention': [reconciliation.onRefundAttention],
  'hospitals.notice_heard': [booking.onNotice, heard.onNoticeHeard, partners.onNoticeHeard],
  'queue.changed': [queue.onChanged],
  'notices.given_up': [reconciliation.onNoticeGivenUp],
  'coverage.claim_attention': [reconciliation.onClaimAttention],
  'deposits.low': [partners.onDepositLow],
  'statements.taken': [
    reconciliation.onListTaken,
    onStatementTaken,
    callsForPersons.onStatementArrived,
  ],
  'statements.late': [partners.onListLate],
  'settlement.batch_changed': [callsForPersons.onPayoutChanged],
  'settlement.receipt_overdue': [callsForPersons.onReceiptOverdue],
  'settlement.receipt_explained': [callsForPersons.onReceiptExplained],
  'statements.missing': [partners.onListMissing, callsForPersons.onListMissing],
  'reconciliation.day_closed': [
    partners.onDayClosed,
    settlement.onDayClosed,
    accounting.onDayClosed,
  ],
  'reconciliation.list_compared': [reconciliation.onListCompared, channels.onListCompared],
  'reconciliation.difference_opened': [partners.onDifferenceOpened],
  'reconciliation.case_overdue': [partners.onCaseOverdue],
})
