import type { HospitalId } from '../../kernel/id.ts'
import { addMs, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Channel, Provider } from '../payments/index.ts'
import type { RegisteredChannel } from './channel.ts'
import { withDefaults } from './check-rules.ts'
import { type Candidate, type Choice, chooseChannels, type Choices, type Wish } from './choose.ts'
import type { ChannelsDependencies } from './dependencies.ts'
import { channelErrors } from './errors.ts'
import type { Health } from './health.ts'
import { findRules, listChannels } from './registry-store.ts'
import type { Rules } from './rules.ts'
import { createVolumes, NOTHING_TAKEN, type Volumes } from './volumes.ts'

export type Routing = ReturnType<typeof createRouting>

// A change of the registry or the rules is followed everywhere within this time.
const READ_AGAIN_MS = 5 * SECOND_MS

type Kept = { channels: RegisteredChannel[]; rules: Rules; readAt: Date }

/** Which channel a payment takes, by the hospital's registry and rules, the books, and how the channels fare. */
export function createRouting(deps: ChannelsDependencies, health: Health) {
  const { clock } = deps
  const volumes = createVolumes(deps)
  const kept = new Map<HospitalId, Kept>()
  return { choose, take, forget, isLeftToPayers }

  /**
   * The channels that can take such a payment, the best first, with why; and why the others cannot. Counts nothing.
   * With `rules` by those, as if they were the hospital's.
   */
  async function choose(
    hospitalId: HospitalId,
    wish: Wish,
    { rules, now = clock.now() }: { rules?: Rules; now?: Date } = {},
  ): Promise<Choices> {
    const own = await keptOf(hospitalId)
    const by = rules ?? own.rules
    await health.fresh(hospitalId)
    const candidates = await candidatesOf(deps, volumes, hospitalId, own, by)
    return chooseChannels(candidates, wish, health.of(hospitalId), by, now)
  }

  /**
   * The channel that a payment takes: the best one, or the one that the payer named. Counts it towards its share. Null for
   * a hospital that has registered no channel, and so leaves the choice to whoever pays. Errors: throws
   * channels.none_offered, and channels.channel_not_offered with the reason.
   */
  async function take(
    hospitalId: HospitalId,
    wish: Wish,
    named: string | null,
  ): Promise<Taken | null> {
    const { channels } = await keptOf(hospitalId)
    if (channels.length === 0) return null
    const choices = await choose(hospitalId, wish)
    const choice = named === null ? firstOf(choices) : oneOf(choices, named)
    volumes.note(hospitalId, choice.channel, wish.amountFen)
    const titles = new Map(channels.map(({ name, title }) => [name, title]))
    const titleOf = (channel: string) => titles.get(channel) ?? { zh: channel, en: channel }
    return { choice, choices, titleOf }
  }

  /** True for a hospital that has registered no channel. */
  async function isLeftToPayers(hospitalId: HospitalId): Promise<boolean> {
    return (await keptOf(hospitalId)).channels.length === 0
  }

  /** The registry or the rules were changed here. */
  function forget(hospitalId: HospitalId): void {
    kept.delete(hospitalId)
  }

  async function keptOf(hospitalId: HospitalId): Promise<Kept> {
    const now = clock.now()
    const known = kept.get(hospitalId)
    if (known && now < addMs(known.readAt, READ_AGAIN_MS)) return known
    const read = await inHospital(deps.db, hospitalId, async (tx) => ({
      channels: await listChannels(tx, hospitalId),
      rules: withDefaults((await findRules(tx, hospitalId))?.rules ?? {}),
      readAt: now,
    }))
    kept.set(hospitalId, read)
    return read
  }
}

/** The channel that a payment takes, and all that it was chosen from. */
export type Taken = {
  choice: Choice
  choices: Choices
  titleOf: (channel: string) => RegisteredChannel['title']
}

/** Each registered channel as it stands now: whether it is connected, and what it took. */
async function candidatesOf(
  { providersOf }: ChannelsDependencies,
  volumes: Volumes,
  hospitalId: HospitalId,
  { channels }: Pick<Kept, 'channels'>,
  { shareWindowDays }: Rules,
): Promise<Candidate[]> {
  const taken = await volumes.takenOf(hospitalId, shareWindowDays)
  const providers = await providersOf(hospitalId)
  return channels.map((channel) => ({
    ...channel,
    connectedMethods: methodsOf(providers.get(channel.name)),
    taken: taken.get(channel.name) ?? NOTHING_TAKEN,
  }))
}

/** Null for what is not there, or is no channel. */
const methodsOf = (provider: Provider | undefined): Channel['methods'] | null =>
  provider && 'methods' in provider ? (provider as Channel).methods : null

function firstOf({ ranked }: Choices): Choice {
  const [first] = ranked
  if (!first) throw channelErrors.none_offered()
  return first
}

function oneOf({ ranked, rejected }: Choices, named: string): Choice {
  const found = ranked.find(({ channel }) => channel === named)
  if (found) return found
  const why = rejected.find(({ channel }) => channel === named)
  const reason = why?.reason.code ?? 'not_registered'
  throw channelErrors.channel_not_offered({ channel: named, reason })
}
