import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Icon } from '../parts/Icon.tsx'
import { storyOf } from './story.ts'

/** How a payment stands, in one word and one sign. */
export function StateChip({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const { name, tone, icon } = storyOf(payment, false)
  return (
    <span className={`chip tone-${tone}`}>
      <Icon name={icon} />
      {name === 'undoing' || name === 'undone'
        ? t(`stories.${name}.title`)
        : t(`common:payerStates.${payment.payerState}`)}
    </span>
  )
}
