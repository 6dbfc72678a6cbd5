import { beginActing, bookFor, namePatient, payerOf } from './acting.ts'
import { createApplicationKeys } from './application-keys.ts'
import {
  admitApplication,
  applicationDetail,
  applicationsOf,
  changeApplication,
  registerApplication,
  setApplicationStatus,
} from './applications.ts'
import { createAuthenticatePartner } from './authenticate.ts'
import { deliverDue, nextDueAt } from './deliveries.ts'
import type { PartnerDependencies, PartnerOptions } from './dependencies.ts'
import { resolveByDns } from './egress.ts'
import {
  addEndpoint,
  changeEndpoint,
  listEndpoints,
  removeEndpoint,
  rotateEndpointSecret,
} from './endpoints.ts'
import {
  onCaseOverdue,
  onDayClosed,
  onDepositLow,
  onNoticeHeard,
  onDifferenceOpened,
  onListLate,
  onListMissing,
  onPaymentEnded,
  onRefundEnded,
} from './events.ts'
import { giveTo } from './given.ts'
import { bringGrant, giveGrant, grantsOf, withdrawGrant } from './person-grants.ts'
import { createPurge } from './purge.ts'
import {
  alertLog,
  deliveryDetail,
  deliveryLog,
  eventDetail,
  eventFeed,
  requestAt,
  requestLog,
  requestsAt,
  resendEvent,
} from './reads.ts'
import { replayDelivery, replayRange } from './replay.ts'
import { revokeSecret, rotateSecret } from './secrets.ts'
import { introspectOwnToken, issueToken, ownerOfToken, revokeOwnToken } from './tokens.ts'
import { createTransport } from './transport.ts'
import { verifyPayment } from './verify-payment.ts'

const DELIVERY_TIMEOUT_MS = 10_000

export type Partners = ReturnType<typeof createPartners>

/** The institutions' side of the interface. What each use case may answer besides its result is in errors.ts. */
export function createPartners(options: PartnerOptions) {
  const { environment, resolve = resolveByDns } = options
  const timeoutMs = options.deliveryTimeoutMs ?? DELIVERY_TIMEOUT_MS
  const allowLoopback = environment === 'sandbox'
  const transport = createTransport({ resolve, allowLoopback, timeoutMs })
  const deps: PartnerDependencies = { ...options, transport, inHand: new Map() }
  const given = giveTo(deps)
  return {
    ...applicationsGiven(deps),
    ...endpointsGiven(deps),
    ...readsGiven(deps),
    ...createAuthenticatePartner({ ...deps, ownerOfToken: given(ownerOfToken) }),
    ...createPurge(deps),
    verifyPayment: given(verifyPayment),
    acting: {
      namePatient: given(namePatient),
      bookFor: given(bookFor),
      begin: given(beginActing),
      payerOf: given(payerOf),
    },
    grants: {
      of: given(grantsOf),
      give: given(giveGrant),
      bring: given(bringGrant),
      withdraw: given(withdrawGrant),
    },
    issueToken: given(issueToken),
    revokeOwnToken: given(revokeOwnToken),
    introspectOwnToken: given(introspectOwnToken),
    onPaymentEnded: given(onPaymentEnded),
    onRefundEnded: given(onRefundEnded),
    onDepositLow: given(onDepositLow),
    onNoticeHeard: given(onNoticeHeard),
    onDayClosed: given(onDayClosed),
    onDifferenceOpened: given(onDifferenceOpened),
    onCaseOverdue: given(onCaseOverdue),
    onListLate: given(onListLate),
    onListMissing: given(onListMissing),
    deliverDue: given(deliverDue),
    nextDueAt: given(nextDueAt),
    platformKey: options.platformKey,
    pause: options.pause,
    /** Ends the connections to receivers. */
    close: () => transport.close(),
  }
}

function applicationsGiven(deps: PartnerDependencies) {
  const given = giveTo(deps)
  return {
    registerApplication: given(registerApplication),
    admitApplication: given(admitApplication),
    changeApplication: given(changeApplication),
    setApplicationStatus: given(setApplicationStatus),
    rotateSecret: given(rotateSecret),
    revokeSecret: given(revokeSecret),
    applicationsOf: given(applicationsOf),
    applicationDetail: given(applicationDetail),
    ...createApplicationKeys(deps),
  }
}

function endpointsGiven(deps: PartnerDependencies) {
  const given = giveTo(deps)
  return {
    addEndpoint: given(addEndpoint),
    changeEndpoint: given(changeEndpoint),
    removeEndpoint: given(removeEndpoint),
    rotateEndpointSecret: given(rotateEndpointSecret),
    listEndpoints: given(listEndpoints),
  }
}

function readsGiven(deps: PartnerDependencies) {
  const given = giveTo(deps)
  return {
    eventFeed: given(eventFeed),
    eventDetail: given(eventDetail),
    resendEvent: given(resendEvent),
    replayDelivery: given(replayDelivery),
    replayRange: given(replayRange),
    deliveryLog: given(deliveryLog),
    deliveryDetail: given(deliveryDetail),
    alertLog: given(alertLog),
    requestLog: given(requestLog),
    requestsAt: given(requestsAt),
    requestAt: given(requestAt),
  }
}
