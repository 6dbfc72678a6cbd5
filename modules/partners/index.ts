// The door of the module: other modules, adapters and apps import this file and no other.
export type { Environment } from './credential.ts'
export { addressesOf, judgeUrl, resolveByDns, type UrlRefusal } from './egress.ts'
export { sealedEndpoints } from './endpoints.ts'
export { EVENT_TYPES, type EventType } from './event-type.ts'
export type { DayClosed, DifferenceOpened } from './events.ts'
export type { FactsPort, PaymentFacts, RefundFacts } from './facts.ts'
export { createPartners, type Partners } from './partners.ts'
export { createPlatformKey, type PlatformKey } from './platform-key.ts'
export { addPartnerHooks } from './request-hooks.ts'
export { partnerRoutes } from './routes.ts'
export type { ApplicationPrincipal, HospitalAccess, Scope } from './scope.ts'
export {
  createBoundPatient,
  createPayableStanding,
  type VerifyPaymentPorts,
} from './payable-standing.ts'
export { verifyPaymentRoute } from './verify-payment-route.ts'
export { newWebhookSecret, webhookHeaders } from './webhook-signature.ts'
