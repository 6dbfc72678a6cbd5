import { useTranslation } from 'react-i18next'

import { Icon } from '../shell/Icon.tsx'
import { useProviderName } from '../shell/use-names.ts'
import { type Arrival, arrivalState, LOOK_OF_ARRIVAL } from './words.ts'

/** Whose lists are there: one mark for each party, with its word. */
export function ArrivalMarks({ date, arrivals }: { date: string; arrivals: readonly Arrival[] }) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  return (
    <ul className="arrivals">
      {arrivals.map((arrival) => {
        const state = arrivalState(date, arrival)
        const { tone, icon } = LOOK_OF_ARRIVAL[state]
        const words = `${nameOf(arrival.source)} ${t(`reconciliation.arrivals.${state}`)}`
        return (
          <li key={arrival.source} className={`arrival tone-${tone}`} title={words}>
            <span aria-hidden="true">
              {t(`reconciliation.short.${arrival.source}`, { defaultValue: arrival.source })}
            </span>
            <Icon name={icon} />
            <span className="visually-hidden">{words}</span>
          </li>
        )
      })}
    </ul>
  )
}
