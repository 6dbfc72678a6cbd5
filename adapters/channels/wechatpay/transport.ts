import { Agent, type Dispatcher } from 'undici'

import { CONNECT_TIMEOUT_MS, type OutgoingRequest } from '../../../platform/outgoing/send.ts'

export type WireRequest = OutgoingRequest & { method: 'GET' | 'POST'; path: string }

/** Connections on which the merchant shows its certificate. */
export const connectionsShowing = (certificatePem: string, keyPem: string): Dispatcher =>
  new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS, cert: certificatePem, key: keyPem } })
