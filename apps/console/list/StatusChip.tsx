import { Icon, type IconName } from '../shell/Icon.tsx'

export type Tone = 'good' | 'bad' | 'held' | 'plain'

/** A state as icon and words; the colour only helps. */
export function StatusChip({ tone, icon, text }: { tone: Tone; icon: IconName; text: string }) {
  return (
    <span className={`chip chip-${tone}`}>
      <Icon name={icon} />
      {text}
    </span>
  )
}
