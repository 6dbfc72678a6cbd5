import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { Channel } from '../payments/index.ts'
import { changeAlert, lockAlert } from './alert-store.ts'
import type { AlertId } from './alert.ts'
import type { ChannelsDependencies } from './dependencies.ts'
import { channelErrors } from './errors.ts'
import { guardChannel } from './guard.ts'
import { createHealth } from './health.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createPayersChoice } from './payers-choice.ts'
import { createRegistry } from './registry.ts'
import { createRouting } from './routing.ts'
import { createTakings } from './takings.ts'

export type Channels = ReturnType<typeof createChannels>

export function createChannels(deps: ChannelsDependencies) {
  const health = createHealth({ onError: () => undefined, ...deps })
  const routing = createRouting(deps, health)
  const registry = createRegistry(deps, routing.forget)
  const housekeeping = createHousekeeping(deps, health)
  const takings = createTakings(deps)
  const guarded = new WeakMap<Channel, Channel>()
  return {
    ...registry,
    choose: routing.choose,
    take: routing.take,
    takingsOf: takings.takingsOf,
    chooseForPayer: createPayersChoice(deps, routing),
    observe: health.observe,
    healthOf: health.of,
    syncHealth: health.sync,
    housekeeping: housekeeping.keepHouse,
    nextDueAt: housekeeping.nextDueAt,
    onListCompared: housekeeping.onListCompared,
    guard,
    acknowledge,
  }

  /** The channel with its calls counted, and new charges kept from it while it is down: the same one for the same one. */
  function guard(channel: Channel): Channel {
    const known = guarded.get(channel) ?? guardChannel(channel, health)
    guarded.set(channel, known)
    return known
  }

  /** Somebody has seen the alert and takes care of it. Errors: throws alert_not_found, alert_acknowledged. */
  async function acknowledge(
    hospitalId: HospitalId,
    id: AlertId,
    note: string | null,
    actor: Actor,
  ): Promise<void> {
    const now = deps.clock.now()
    await inHospital(deps.db, hospitalId, async (tx) => {
      const alert = await lockAlert(tx, hospitalId, id)
      if (!alert) throw channelErrors.alert_not_found({ id })
      if (alert.acknowledgedBy !== null) {
        throw channelErrors.alert_acknowledged({ id, by: alert.acknowledgedBy })
      }
      const changes = { acknowledged_by: actor.name, acknowledged_at: now, note }
      await changeAlert(tx, hospitalId, id, changes)
      const answeredAfterS = Math.round((now.getTime() - alert.openedAt.getTime()) / 1_000)
      await deps.audit(tx, hospitalId, actor, {
        action: 'channels.acknowledge_alert',
        subject: `channel-alert:${id}`,
        detail: { channel: alert.channel, class: alert.class, answeredAfterS },
      })
    })
  }
}
