import type { Channels } from './channels.ts'
import type { ChannelsDependencies } from './dependencies.ts'

export type RouteContext = { channels: Channels } & Pick<
  ChannelsDependencies,
  'db' | 'clock' | 'providersOf' | 'payerFactsOf'
>

/** 信息科 and 财务 keep the channels; 审计 reads. */
export const EDITORS = ['staff:it', 'staff:finance'] as const
export const READERS = ['staff:it', 'staff:finance', 'staff:auditor'] as const

export const CHANNELS = '/hospitals/:hospitalId/channels'
