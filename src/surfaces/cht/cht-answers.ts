import { Type } from 'typebox';
import { ExampleText, IdOf } from '../../common/http/answers.js';

export const ChtGreeting = Type.Object({ 'medic-gateway': Type.Literal(true) });

export const ChtMessages = Type.Object({
  messages: Type.Array(
    Type.Object({
      id: ExampleText('msg_01jd2m0q8nfgt1vwzzk4x6s5ah0000', {
        description: 'The message’s id; with `-1` and so on when a phone has certainly not sent it before.',
      }),
      to: ExampleText('+84901234567'),
      content: ExampleText('Ma OTP 123456'),
    }),
  ),
});

export const ChtPhone = Type.Object({
  agent_id: IdOf('agt'),
  url: ExampleText(
    'https://agt_01jd2m0q8nfgt1vwzzk4x6s5ah:tla_Zk3w0tJH8yqS5m1hQpT7uVx2bNc4Ld6fGr9eYiOaKjM@sms.example.com/cht',
    { description: 'What to enter in the app. Told this once: it has the phone’s token in it.' },
  ),
  how_to_enter: ExampleText('Paste the url into CHT Gateway (the generic build): Settings, “Webapp URL”, Save.'),
});
