import { createAlipay, readAlipayParams } from '../../adapters/channels/alipay/index.ts'
import {
  createDeclarativeChannel,
  readStoredChannel,
} from '../../adapters/channels/declarative/index.ts'
import { createUnionPay, readUnionPayParams } from '../../adapters/channels/unionpay/index.ts'
import { createWechatPay, readWechatPayParams } from '../../adapters/channels/wechatpay/index.ts'
import {
  createStandardHis,
  readStandardHisParams,
} from '../../adapters/hospitals/standard/index.ts'
import {
  createNationalInsurance,
  readNationalInsuranceParams,
} from '../../adapters/insurers/national/index.ts'
import { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { createBilling } from '../../modules/billing/index.ts'
import { createChannels } from '../../modules/channels/index.ts'
import {
  createChannelConnections,
  createConnections,
  createHospitals,
  type HospitalSystem,
} from '../../modules/hospitals/index.ts'
import { createIdentity } from '../../modules/identity/index.ts'
import { createInsurance } from '../../modules/insurance/index.ts'
import { createLedger } from '../../modules/ledger/index.ts'
import {
  type Channel,
  chargesByDay,
  createPayments,
  createStanding,
  type OnError,
  type Payments,
  type PersonId,
  type Provider,
} from '../../modules/payments/index.ts'
import { createReconciliation } from '../../modules/reconciliation/index.ts'
import { createAudit } from '../../platform/audit.ts'
import type { Canaries } from '../../platform/canary.ts'
import type { Platform } from '../../platform/context.ts'
import { inHospital } from '../../platform/db.ts'
import { createPublish, type Handlers } from '../../platform/events.ts'
import { createKeepNotice } from '../../platform/inbox.ts'
import type { Wake } from '../../platform/jobs.ts'
import type { Seal } from '../../platform/seal.ts'

export type Hub = ReturnType<typeof createHub>

export type HubOptions = Platform & {
  seal: Seal
  wake: Wake
  canaries: Canaries
  /** How long a provider or a hospital's system may take to answer, in real time. */
  providerTimeoutMs: number
  /** How long the insurer's calls of one quote may take together, in real time. */
  quoteDeadlineMs: number
  /** Hears of every piece of work that failed and is tried again later. */
  onError?: OnError
  /** Providers to use in place of those the connections name: for measuring without their time. */
  providersOf?: (hospitalId: HospitalId) => Promise<ReadonlyMap<string, Provider>>
  /** The same for the hospitals' systems. */
  systemOf?: (hospitalId: HospitalId) => Promise<HospitalSystem | null>
}

/** Every module, made of its dependencies in the order of the map: what api and worker are built from. */
export function createHub(options: HubOptions) {
  const { db, clock, newId, canaries } = options
  const publish = createPublish(options)
  const audit = createAudit(options)
  const identity = createIdentity(options)
  const connections = connectionsOf(options)
  const systemOf = options.systemOf ?? ((hospitalId: HospitalId) => connections.his.of(hospitalId))
  const hospitals = createHospitals({ ...options, systemOf })
  const insurance = createInsurance({
    ...options,
    centreOf: connections.insurance.of,
    insuredPerson: identity.insuredPerson,
    options: { quoteDeadlineMs: options.quoteDeadlineMs },
  })
  const { channels, providersOf } = channelsOf(options, connections, insurance)
  const billing = createBilling({
    db,
    clock,
    newId,
    systemOf,
    patientNoOf: patientNoOf(identity, systemOf),
    billsOfPayment: (hospitalId, id) => payments.billNosOf(hospitalId, id),
  })
  const paymentDependencies = {
    ...options,
    ledger: createLedger({ clock, newId, canaries }),
    providersOf,
    desk: billing.desk,
    publish,
    audit,
    keepNotice: createKeepNotice(options),
    payerAccountOf: async (personId: PersonId, provider: string) =>
      provider === 'wechat' ? identity.payerAccount(personId, provider) : null,
  }
  const payments: Payments = createPayments(paymentDependencies)
  const reconciliation = createReconciliation({
    ...options,
    audit,
    providersOf,
    systemOf,
    payments: { ...payments, ...createStanding(db) },
    reverseUnknown: insurance.reverseUnknown,
  })
  return {
    publish,
    identity,
    hospitals,
    connections,
    insurance,
    billing,
    channels,
    providersOf,
    payments,
    paymentDependencies,
    reconciliation,
    handlers: handlersOf(billing, reconciliation),
  }
}

/** What a hospital's payments may go through: its channels, watched, and its insurer. */
function channelsOf(
  options: HubOptions,
  connections: ReturnType<typeof connectionsOf>,
  insurance: Provider,
) {
  const channels = createChannels({
    ...options,
    audit: createAudit(options),
    providersOf: (hospitalId) => providersOf(hospitalId),
    volumesOf: (hospitalId, from, to) =>
      inHospital(options.db, hospitalId, (tx) => chargesByDay(tx, hospitalId, from, to)),
    onError: (error) => options.onError?.(error, { hospitalId: null, subject: 'channel-health' }),
  })
  const providersOf =
    options.providersOf ??
    (async (hospitalId: HospitalId): Promise<ReadonlyMap<string, Provider>> => {
      const connected = await connections.channels.of(hospitalId)
      const insured = await connections.insurance.of(hospitalId)
      return new Map<string, Provider>([
        ...[...connected].map(([name, channel]) => [name, channels.guard(channel)] as const),
        ...(insured ? [[insurance.name, insurance] as const] : []),
      ])
    })
  return { channels, providersOf }
}

const patientNoOf =
  (
    identity: ReturnType<typeof createIdentity>,
    systemOf: (hospitalId: HospitalId) => Promise<HospitalSystem | null>,
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

function connectionsOf(options: HubOptions) {
  const deps = { ...options, timeoutMs: options.providerTimeoutMs }
  return {
    his: createConnections<HospitalSystem>({
      ...options,
      kind: 'his',
      makers: { standard: (params) => createStandardHis(readStandardHisParams(params), deps) },
    }),
    hisParams: createConnections({
      ...options,
      kind: 'his',
      makers: { standard: readStandardHisParams },
    }),
    channels: createChannelConnections<Channel>({
      ...options,
      makers: {
        wechatpay: named((params) => createWechatPay(readWechatPayParams(params), deps)),
        alipay: named((params) => createAlipay(readAlipayParams(params), deps)),
        unionpay: named((params) => createUnionPay(readUnionPayParams(params), deps)),
        declarative: named((stored) => {
          const { descriptor, params } = readStoredChannel(stored)
          return createDeclarativeChannel(descriptor, params, deps)
        }),
      },
    }),
    insurance: createConnections({
      ...options,
      kind: 'insurance',
      makers: {
        national: (params) => createNationalInsurance(readNationalInsuranceParams(params), deps),
      },
    }),
  }
}

/** A hospital may have two accounts at one provider: a channel is called by its connection, whatever adapter it is of. */
const named =
  (make: (params: unknown) => Channel) =>
  (params: unknown, { kind }: { kind: string }): Channel => ({ ...make(params), name: kind })

/** Who hears which event. */
const handlersOf = (
  billing: ReturnType<typeof createBilling>,
  reconciliation: ReturnType<typeof createReconciliation>,
): Handlers => ({
  'payments.changed': [billing.onPaymentChanged, reconciliation.onPaymentChanged],
  'payments.attention': [reconciliation.onPaymentAttention],
  'refunds.changed': [reconciliation.onRefundChanged],
  'refunds.attention': [reconciliation.onRefundAttention],
  'notices.given_up': [reconciliation.onNoticeGivenUp],
})
