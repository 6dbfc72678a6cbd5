import { useTranslation } from 'react-i18next'

import { query } from '../api.ts'
import { Icon } from '../parts/Icon.tsx'

/** The invented people of a demo. Elsewhere the hub does not know the address, and nothing is shown. */
export function Personas({ isBusy, onChoose }: PersonasProps) {
  const { t, i18n } = useTranslation()
  const { data } = query.useQuery('get', '/v1/demo/personas', {}, { retry: false })
  const personas = data?.items.filter((persona) => persona.app === 'patient') ?? []
  if (personas.length === 0) return null
  return (
    <section className="card" aria-labelledby="personas">
      <h2 id="personas">{t('signIn.personas')}</h2>
      <p className="note">{t('signIn.personasNote')}</p>
      <ul className="rows">
        {personas.map((persona) => (
          <li key={persona.login}>
            <button
              type="button"
              className="row"
              disabled={isBusy}
              onClick={() => onChoose(persona)}
            >
              <span>{i18n.language === 'en' ? persona.label.en : persona.label.zh}</span>
              <Icon name="forward" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

type PersonasProps = {
  isBusy: boolean
  onChoose: (persona: { login: string; password: string }) => void
}
