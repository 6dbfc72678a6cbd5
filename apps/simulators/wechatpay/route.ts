import { ApiError, type ErrorName } from './api-error.ts'
import type { Context, Merchant } from './context.ts'
import type { Order } from './order.ts'

/** A signed request of a merchant, its body already read as JSON where it has one. */
export type ApiRequest = {
  merchant: Merchant
  params: Record<string, string>
  /** Path and query as sent. */
  target: string
  body: unknown
  /** The platform's key that fields of the body were sealed with, by its name; null when none was named. */
  sealedWith: string | null
}

/** What is to be done, under the name a fault plan knows it by. */
export type Call<A> = {
  operation: string
  key: string
  perform: () => A
  /** What is done instead when the plan says 'lie'; without it the work is undone after the answer. */
  performLie?: () => A
}

export type ApiCall = Call<Answer>

export type Answer =
  | { type: 'json'; body: object }
  | { type: 'empty' } // 204
  | { type: 'file'; content: Uint8Array; contentType: string } // not signed

export type Route = {
  method: 'GET' | 'POST'
  url: string
  /** Reads the request. Throws the protocol's refusal of one that makes no sense. */
  read(context: Context, request: ApiRequest): ApiCall
}

/** The order, or the refusal that there is none. */
export function existing(order: Order | null, otherwise: ErrorName = 'order_not_exist'): Order {
  if (!order) throw new ApiError(otherwise)
  return order
}

export const json = (body: object): Answer => ({ type: 'json', body })
