import { StatusChip, type Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'
import { type Stop, useClinicWords } from './words.ts'

const CHIPS: Record<Stop['status'], { tone: Tone; icon: IconName }> = {
  proposed: { tone: 'held', icon: 'clock' },
  carried_out: { tone: 'bad', icon: 'alert' },
  declined: { tone: 'plain', icon: 'check' },
}

export function StopChip({ status }: { status: Stop['status'] }) {
  const { t } = useClinicWords()
  return <StatusChip {...CHIPS[status]} text={t(`stops.states.${status}`)} />
}
