import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { StatusChip, type Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'
import type { Channel } from './model.ts'

type Standing = 'disabled' | 'not_connected' | 'not_admitted' | Channel['health']['state']

/** What keeps it from being offered, if anything does: what people set first, then how it answers. */
function standingOf({ enabled, isConnected, tier, health }: Channel): Standing {
  if (health.state !== 'closed') return health.state
  if (!isConnected) return 'not_connected'
  if (!enabled) return 'disabled'
  return tier === null ? 'not_admitted' : 'closed'
}

const LOOK: Record<Standing, { tone: Tone; icon: IconName }> = {
  disabled: { tone: 'plain', icon: 'lock' },
  not_connected: { tone: 'held', icon: 'missing' },
  not_admitted: { tone: 'held', icon: 'missing' },
  closed: { tone: 'good', icon: 'check' },
  open: { tone: 'bad', icon: 'alert' },
  half_open: { tone: 'held', icon: 'clock' },
}

/** The state in words: since when no new payments go there, and when it is tried again. */
export function ChannelState({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const standing = standingOf(channel)
  const { openedAt, retryAt } = channel.health
  return (
    <span className="two-lines">
      <StatusChip {...LOOK[standing]} text={t(`channels.states.${standing}`)} />
      {openedAt && (
        <span className="fine">
          {t('channels.since')} <Moment at={openedAt} form="moment" />
        </span>
      )}
      {standing === 'open' && retryAt && (
        <span className="fine">
          {t('channels.retryAt')} <Moment at={retryAt} form="time" />
        </span>
      )}
    </span>
  )
}
