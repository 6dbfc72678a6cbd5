import { useTranslation } from 'react-i18next'

import { usePersonas } from './personas.ts'

/** Always in sight where nothing is real. */
export function DemoBanner() {
  const { t } = useTranslation()
  const personas = usePersonas()
  return personas && <aside className="demo-banner">{t('demo.banner')}</aside>
}
