import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { GrantsView, GrantView } from './grant-schemas.ts'
import type { Partners } from './partners.ts'
import {
  AlertView,
  ApplicationDetail,
  ApplicationView,
  AttemptView,
  DeliveryView,
  EndpointView,
  EventView,
  KeyView,
  NewSecretView,
  ReplayedView,
  RequestView,
} from './schemas.ts'

// What the routes of partners share.

export type App = Parameters<FastifyPluginAsyncTypebox>[0]

export type RouteContext = { partners: Partners }

export const SHARED_SCHEMAS = [
  ApplicationView,
  KeyView,
  ApplicationDetail,
  NewSecretView,
  EndpointView,
  EventView,
  DeliveryView,
  AttemptView,
  AlertView,
  RequestView,
  ReplayedView,
  GrantView,
  GrantsView,
]

const named = <T extends Type.TSchema>(name: string) => Type.Unsafe<Type.Static<T>>(Type.Ref(name))

export const Application = named<typeof ApplicationView>('PartnerApplication')
export const Detail = named<typeof ApplicationDetail>('PartnerApplicationDetail')
export const Key = named<typeof KeyView>('PartnerKey')
export const Secret = named<typeof NewSecretView>('PartnerSecret')
export const EndpointRef = named<typeof EndpointView>('WebhookEndpoint')
export const EventRef = named<typeof EventView>('PartnerEvent')
export const DeliveryRef = named<typeof DeliveryView>('WebhookDelivery')
export const AttemptRef = named<typeof AttemptView>('WebhookAttempt')
export const AlertRef = named<typeof AlertView>('PartnerAlert')
export const RequestRef = named<typeof RequestView>('PartnerRequest')

export const ReplayedRef = named<typeof ReplayedView>('WebhookReplay')

export const GrantRef = named<typeof GrantView>('ApplicationGrant')
export const GrantsRef = named<typeof GrantsView>('ApplicationGrants')

export const listOf = <T extends Type.TSchema>(item: T) => Type.Object({ items: Type.Array(item) })
