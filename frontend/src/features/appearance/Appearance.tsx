import { Languages, SunMoon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { chooseLanguage, isLanguage, LANGUAGES } from '@/i18n';
import { chooseTheme, THEMES, themeStore } from './theme';

export function Appearance() {
  const { t, i18n } = useTranslation();
  const theme = useStore(themeStore);
  return (
    <div className="appearance">
      <Choice icon={<Languages size={16} aria-hidden />} label={t('appearance.language')}>
        <select
          data-testid="language"
          value={i18n.language}
          onChange={(event) => isLanguage(event.target.value) && chooseLanguage(event.target.value)}
        >
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </Choice>
      <Choice icon={<SunMoon size={16} aria-hidden />} label={t('appearance.theme')}>
        <select
          data-testid="theme"
          value={theme}
          onChange={(event) =>
            chooseTheme(THEMES.find((one) => one === event.target.value) ?? theme)
          }
        >
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {t(`appearance.themes.${one}`)}
            </option>
          ))}
        </select>
      </Choice>
    </div>
  );
}

function Choice(props: { icon: ReactNode; label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="choice" title={props.label}>
      {props.icon}
      <span className="only-heard">{props.label}</span>
      {props.children}
    </label>
  );
}
