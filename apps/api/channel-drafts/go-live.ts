import type { Descriptor } from '../../../adapters/channels/declarative/index.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { fen, ZERO } from '../../../kernel/money.ts'
import {
  channelErrors,
  type ChannelTerms,
  type DraftId,
  RESERVED_NAMES,
  testObstacle,
} from '../../../modules/channels/index.ts'
import { connectedBy } from '../../../modules/hospitals/index.ts'
import type { PayMethod } from '../../../modules/payments/index.ts'
import type { Db } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { Hub } from '../../hub/create-hub.ts'
import type { Outgoing } from '../../hub/outgoing.ts'
import { valuesFor } from './params.ts'
import { readDraft, usableDescriptor } from './read-draft.ts'

export type LiveRequest = {
  hospitalId: HospitalId
  id: DraftId
  version: number
  acceptSpecimen: boolean
  actor: Actor
}

type LiveHub = Pick<Hub, 'channelDrafts' | 'channels' | 'hospitals'> & { db: Db }

/**
 * Connects the hospital by the draft's descriptor, and lists it among its channels, switched off and without a tier: people
 * grant that elsewhere. Terms that are there already stay.
 *
 * Errors: throws channels.draft_has_problems, draft_params_missing, draft_not_tested, draft_is_specimen, draft_name_taken,
 * draft_address_refused, draft_changed.
 */
export async function goLive(hub: LiveHub, outgoing: Outgoing, request: LiveRequest) {
  const { hospitalId, id, version, acceptSpecimen, actor } = request
  const opened = await hub.channelDrafts.open(hospitalId, id)
  const read = readDraft(opened)
  const { draft, runs } = read
  if (draft.version !== version) throw channelErrors.draft_changed({ version })
  const descriptor = usableDescriptor(read)
  const suites = runs.filter(({ kind }) => kind === 'suite')
  const obstacle = testObstacle(version, suites[0] ?? null)
  if (obstacle !== null) throw channelErrors.draft_not_tested({ why: obstacle })
  if (descriptor.specimen !== undefined && !acceptSpecimen) throw channelErrors.draft_is_specimen()
  const params = valuesFor(descriptor, opened.params)
  refuseAddresses(descriptor, params, outgoing)
  const { name } = descriptor
  await refuseTakenName(hub, hospitalId, name, draft.live?.name ?? null)
  const stored = { descriptor: draft.descriptor, params }
  const connect = async () => {
    if (!(await hub.channelDrafts.isRegistered(hospitalId, name))) {
      await hub.channels.save(hospitalId, name, firstTerms(descriptor), actor)
    }
    await hub.hospitals.saveConnection(hospitalId, name, 'declarative', stored, { actor })
  }
  await hub.channelDrafts.goLive(hospitalId, id, { name, version, connect }, actor)
}

/** The hub will call these by itself, so they must be such as staff may have it call. */
function refuseAddresses(
  { parameters }: Descriptor,
  params: Readonly<Record<string, string>>,
  outgoing: Outgoing,
): void {
  for (const { name, format } of parameters) {
    const value = params[name]
    if (format !== 'origin' || value === undefined) continue
    const why = outgoing.refusalOf(value)
    if (why !== null) throw channelErrors.draft_address_refused({ field: name, why })
  }
}

const LONGEST_NAME = 30
const SYSTEMS = ['his', 'insurance']

/** Its own former connection is replaced; another channel's, a coded one's or a system's never is. */
async function refuseTakenName(
  hub: LiveHub,
  hospitalId: HospitalId,
  name: string,
  ownName: string | null,
): Promise<void> {
  const taken = () => channelErrors.draft_name_taken({ channel: name })
  if ([...RESERVED_NAMES, ...SYSTEMS].includes(name) || name.length > LONGEST_NAME) throw taken()
  const adapter = await connectedBy(hub.db, hospitalId, name)
  if (adapter === null) return
  if (adapter !== 'declarative' || name !== ownName) throw taken()
}

const LONGEST_TITLE = 40
const MOST_FEN = 1_000_000_000_000
const LAST = 1_000

/** What finance has not said yet: nothing is on, no fee is known, and it stands last. */
const firstTerms = ({ titles, charge, limits }: Descriptor): ChannelTerms => ({
  title: { zh: titles.zh.slice(0, LONGEST_TITLE), en: titles.en.slice(0, LONGEST_TITLE) },
  methods: Object.keys(charge) as PayMethod[],
  scenes: [],
  departments: null,
  paymentLimitFen: fen(Math.min(limits.amountMaxFen, MOST_FEN)),
  dayLimitFen: null,
  feePpm: 0,
  feeFixedFen: ZERO,
  settlementDays: 1,
  sharePpm: null,
  enabled: false,
  order: LAST,
})
