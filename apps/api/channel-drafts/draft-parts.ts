import type { HospitalId } from '../../../kernel/id.ts'
import type { DraftId } from '../../../modules/channels/index.ts'
import type { Db } from '../../../platform/db.ts'
import type { Hub } from '../../hub/create-hub.ts'
import type { Outgoing } from '../../hub/outgoing.ts'
import type { BenchRunner } from './bench-runner.ts'
import { readDraft } from './read-draft.ts'
import { viewOfDraft } from './view.ts'

export type DraftContext = {
  db: Db
  hub: Pick<Hub, 'channelDrafts' | 'channels' | 'hospitals'>
  outgoing: Outgoing
  runner: BenchRunner
}

/** 信息科 alone: whoever writes a descriptor says where the hospital's keys are used. */
export const DRAFTERS = ['staff:it'] as const

export const DRAFTS = '/hospitals/:hospitalId/channel-drafts'

export const idsOf = ({ hospitalId, id }: { hospitalId: number; id: string }) => ({
  hospitalId: hospitalId as HospitalId,
  id: id as DraftId,
})

export async function oneDraft(
  drafts: Hub['channelDrafts'],
  of: { hospitalId: number; id: string },
) {
  const { hospitalId, id } = idsOf(of)
  return viewOfDraft(readDraft(await drafts.open(hospitalId, id)))
}
