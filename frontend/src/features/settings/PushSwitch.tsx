import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PushDevice } from './pushDevice';

export function PushSwitch({ device }: { device: PushDevice }) {
  const { t } = useTranslation();
  const state = useStore(device.store);
  const why = useId();
  const isPressable = state === 'on' || state === 'off' || state === 'failed';
  return (
    <div className="setting">
      <label className="setting-line">
        <span>{t('settings.push.title')}</span>
        <input
          type="checkbox"
          className="switch"
          data-testid="push-switch"
          data-state={state}
          checked={state === 'on'}
          disabled={!isPressable}
          aria-describedby={why}
          onChange={() => void (state === 'on' ? device.turnOff() : device.turnOn())}
        />
      </label>
      <p className="quiet" id={why} role="status">
        {state === 'looking' || state === 'busy' ? '' : t(`settings.push.${state}`)}
      </p>
    </div>
  );
}
