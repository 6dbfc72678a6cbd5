import { useTranslation } from 'react-i18next'

import { type Language, switchLanguage } from '../../web/i18n.ts'
import { useElder } from '../elder.ts'
import { Toggle } from '../parts/Toggle.tsx'

export function ElderToggle() {
  const { t } = useTranslation()
  const [isElder, setElder] = useElder()
  return <Toggle label={t('elder')} isOn={isElder} onChange={setElder} />
}

export function LanguageChoice() {
  const { t, i18n } = useTranslation()
  const other: Language = i18n.language === 'en' ? 'zh-CN' : 'en'
  return (
    <button
      type="button"
      className="text-link"
      lang={other}
      onClick={() => void switchLanguage(other)}
      aria-label={`${t('common:language.choose')}: ${t(`common:language.${other}`)}`}
    >
      {t(`common:language.${other}`)}
    </button>
  )
}
