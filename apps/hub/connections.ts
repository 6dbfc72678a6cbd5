import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { createAlipay, readAlipayParams } from '../../adapters/channels/alipay/index.ts'
import {
  createDeclarativeChannel,
  readStoredChannel,
} from '../../adapters/channels/declarative/index.ts'
import { createUnionPay, readUnionPayParams } from '../../adapters/channels/unionpay/index.ts'
import { createWechatPay, readWechatPayParams } from '../../adapters/channels/wechatpay/index.ts'
import {
  createDescribedHospital,
  type ListeningHospital,
  listeningOf,
  readStoredHospital,
} from '../../adapters/hospitals/declarative/index.ts'
import {
  createStandardHis,
  readStandardHisParams,
} from '../../adapters/hospitals/standard/index.ts'
import { createDirectInsurer, readDirectParams } from '../../adapters/insurers/direct/index.ts'
import { createFhirInsurer, readFhirParams } from '../../adapters/insurers/fhir/index.ts'
import {
  createMobileInsurance,
  createNationalInsurance,
  readMobileInsuranceParams,
  readNationalInsuranceParams,
} from '../../adapters/insurers/national/index.ts'
import { createGatewayLender, readGatewayParams } from '../../adapters/lenders/gateway/index.ts'
import { createTraceNumbers } from '../../modules/channels/index.ts'
import type { Insurer } from '../../modules/coverage/index.ts'
import { type Lender, lenderId } from '../../modules/credit/index.ts'
import {
  type Ask,
  createBulkhead,
  createChannelConnections,
  createConnections,
  createSystemMemory,
  type HospitalSystem,
} from '../../modules/hospitals/index.ts'
import type { MobileCentre } from '../../modules/insurance/index.ts'
import type { Environment } from '../../modules/partners/index.ts'
import type { Channel, OnError } from '../../modules/payments/index.ts'
import type { Platform } from '../../platform/context.ts'
import type { Seal } from '../../platform/seal.ts'
import { createBankLines } from './bank-lines.ts'
import { createOutgoing } from './outgoing.ts'

export type ConnectionOptions = Platform & {
  seal: Seal
  /** A sandbox gives out credentials that a live installation refuses, and may call receivers on its own machine. */
  environment: Environment
  /** How long a provider or a hospital's system may take to answer, in real time. */
  providerTimeoutMs: number
  /** The files that banks deliver, by name. Without it, none is there. */
  bankFile?: (name: string) => Promise<Buffer | null>
  /** Hears of every piece of work that failed and is tried again later. */
  onError?: OnError
}

/** What connections are made into: a hospital's system, its channels, its insurers; and a bank that lends. */
export function connectionsOf(options: ConnectionOptions) {
  const deps = { ...options, timeoutMs: options.providerTimeoutMs }
  const isLive = options.environment === 'live'
  // Whoever described a channel chose its hosts: each is judged anew as it is connected to.
  const { dispatcher } = createOutgoing({ allowLoopback: !isLive })
  const bankLines = createBankLines({
    ...deps,
    traces: createTraceNumbers(options),
    dayFile: options.bankFile ?? (async () => null),
    // A line that breaks is opened again; what it costs shows in the channel's health.
    log: () => undefined,
  })
  return {
    bankLines,
    ...hisConnections(options, deps),
    channels: createChannelConnections<Channel>({
      ...options,
      makers: {
        wechatpay: named((params) => createWechatPay(readWechatPayParams(params), deps)),
        alipay: named((params) => createAlipay(readAlipayParams(params), deps)),
        unionpay: named((params) => createUnionPay(readUnionPayParams(params), deps)),
        iso8583: bankLines.open,
        declarative: named((stored) => {
          const { descriptor, params } = readStoredChannel(stored)
          return createDeclarativeChannel(descriptor, params, {
            ...deps,
            outgoing: () => dispatcher,
          })
        }),
      },
    }),
    commercial: createConnections<ReadonlyMap<string, Insurer>>({
      ...options,
      kind: 'commercial',
      makers: { several: (stored) => insurersOf(stored, deps, { isLive }) },
    }),
    lender: createConnections<Lender>({
      ...options,
      kind: 'lender',
      makers: {
        gateway: (params, { hospitalId: book }) =>
          createGatewayLender(lenderId(book), readGatewayParams(params), deps),
      },
    }),
    mobileInsurance: createConnections<MobileCentre>({
      ...options,
      kind: 'mobile_insurance',
      makers: {
        national: (params) => createMobileInsurance(readMobileInsuranceParams(params), deps),
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

/** A hospital's system: how it is asked, how it is listened to, and how it signs what it asks of the hub. */
const hisConnections = (
  options: ConnectionOptions,
  deps: ConnectionOptions & { timeoutMs: number },
) => ({
  his: createConnections<HospitalSystem>({
    ...options,
    kind: 'his',
    makers: hisMakers(options, deps),
  }),
  hisListening: createConnections<ListeningHospital | null>({
    ...options,
    kind: 'his',
    makers: {
      // Who speaks the standard tells what happens over the hub's own interface.
      standard: () => null,
      described(stored) {
        const { product, words } = readStoredHospital(stored)
        return listeningOf(product, words)
      },
    },
  }),
  hisParams: createConnections({
    ...options,
    kind: 'his',
    // Whoever speaks otherwise than the standard cannot sign by it.
    makers: { standard: readStandardHisParams, described: () => null },
  }),
})

/** How a hospital's system is spoken to: by the standard as it stands, or as its product is described. */
const hisMakers = (
  options: ConnectionOptions,
  deps: ConnectionOptions & { timeoutMs: number },
) => ({
  standard: (params: unknown) =>
    createStandardHis(readStandardHisParams(params), { ...deps, around: bulkhead(deps) }),
  described(
    stored: unknown,
    { hospitalId }: { hospitalId: Parameters<typeof createSystemMemory>[1] },
  ) {
    const { product, words } = readStoredHospital(stored)
    const memory = createSystemMemory(options, hospitalId)
    return createDescribedHospital(product, words, { ...deps, around: bulkhead(deps), memory })
  },
})

/** One for each connection: what a hospital's system does to those who wait for it stays with them. */
const bulkhead =
  ({ clock }: ConnectionOptions) =>
  (ask: Ask): Ask =>
    createBulkhead(ask, clock)

/** Commercial insurers that pay at one hospital, by their code: each with the wire that it speaks. */
function insurersOf(
  stored: unknown,
  deps: InsurerDeps,
  place: { isLive: boolean },
): ReadonlyMap<string, Insurer> {
  const insurers = StoredInsurers.Parse(stored).map(({ adapter, params }) =>
    adapter === 'direct'
      ? createDirectInsurer(readDirectParams(params, place), deps)
      : createFhirInsurer(readFhirParams(params, place), deps),
  )
  return new Map(insurers.map((insurer) => [insurer.code, insurer]))
}

const StoredInsurers = Compile(
  Type.Array(Type.Object({ adapter: Type.Enum(['direct', 'fhir']), params: Type.Unknown() }), {
    maxItems: 20,
  }),
)

type InsurerDeps = Parameters<typeof createDirectInsurer>[1]

/** A hospital may have two accounts at one provider: a channel is called by its connection, whatever adapter it is of. */
const named =
  (make: (params: unknown) => Channel) =>
  (params: unknown, { kind }: { kind: string }): Channel => ({ ...make(params), name: kind })
