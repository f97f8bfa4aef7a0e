"""One form for each kanji that is written in several, so that 澤 and 沢 are the same character.

Each pair is a form met in names and old papers, and the form in daily use. Compatibility ideographs
are absent, because NFKC folds them. Where Japan's list of characters for general use or the
standard dictionary spelling has the older form, the younger one is folded into it.
"""

# Traditional forms, of the list for general use and of characters simplified alike.
_TRADITIONAL = """
亞亜 惡悪 壓圧 圍囲 醫医 爲為 壹壱 隱隠 榮栄 營営 衞衛 驛駅 圓円 緣縁 艷艶
鹽塩 應応 歐欧 毆殴 奧奥 橫横 溫温 穩穏 假仮 價価 畫画 會会 繪絵 壞壊 懷懐
槪概 擴拡 殼殻 覺覚 學学 嶽岳 樂楽 渴渇 罐缶 卷巻 陷陥 勸勧 寬寛 關関 歡歓
觀観 顏顔 氣気 歸帰 龜亀 旣既 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 虛虚 峽峡 挾挟
狹狭 敎教 鄕郷 曉暁 區区 驅駆 勳勲 薰薫 徑径 莖茎 惠恵 揭掲 溪渓 經経 螢蛍
輕軽 繼継 鷄鶏 藝芸 擊撃 缺欠 硏研 縣県 儉倹 劍剣 險険 圈圏 檢検 獻献 權権
顯顕 驗験 嚴厳 吳呉 娛娯 效効 恆恒 黃黄 鑛鉱 廣広 號号 國国 黑黒 碎砕 濟済
齋斎 劑剤 櫻桜 册冊 雜雑 參参 蠶蚕 慘惨 棧桟 產産 贊賛 殘残 絲糸 齒歯 兒児
辭辞 濕湿 實実 寫写 舍舎 釋釈 壽寿 收収 從従 澁渋 獸獣 縱縦 肅粛 處処 緖緒
敍叙 尙尚 將将 燒焼 奬奨 稱称 證証 乘乗 剩剰 壤壌 孃嬢 條条 淨浄 狀状 疊畳
穰穣 讓譲 釀醸 囑嘱 觸触 寢寝 愼慎 眞真 晉晋 盡尽 圖図 粹粋 醉酔 隨随 髓髄
數数 樞枢 瀨瀬 聲声 靜静 齊斉 稅税 竊窃 攝摂 說説 絕絶 專専 戰戦 淺浅 潛潜
纖繊 踐践 錢銭 禪禅 雙双 壯壮 搜捜 插挿 爭争 總総 聰聡 莊荘 裝装 騷騒 增増
藏蔵 臟臓 卽即 屬属 續続 墮堕 體体 對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単
擔担 膽胆 團団 彈弾 斷断 癡痴 遲遅 晝昼 蟲虫 鑄鋳 廳庁 聽聴 鎭鎮 遞逓 鐵鉄
轉転 點点 傳伝 黨党 盜盗 燈灯 當当 鬪闘 德徳 獨独 讀読 屆届 貳弐 內内 腦脳
惱悩 霸覇 廢廃 拜拝 賣売 麥麦 發発 髮髪 拔抜 蠻蛮 祕秘 彥彦 濱浜 甁瓶 拂払
佛仏 變変 邊辺 辨弁 瓣弁 辯弁 步歩 舖舗 寶宝 豐豊 襃褒 沒没 每毎 飜翻 萬万
滿満 默黙 餠餅 戾戻 彌弥 藥薬 譯訳 豫予 餘余 與与 譽誉 搖揺 樣様 謠謡 遙遥
來来 賴頼 亂乱 覽覧 龍竜 兩両 獵猟 綠緑 壘塁 淚涙 勵励 禮礼 靈霊 隸隷 齡齢
曆暦 歷歴 戀恋 鍊錬 爐炉 勞労 樓楼 郞郎 祿禄 錄録 灣湾 稻稲 穗穂 鬭闘 飮飲
銳鋭 閱閲 脫脱 悅悦 姬姫 戶戸 靑青 淸清 晚晩 巢巣 曾曽 凜凛 鷗鴎 噓嘘 蠟蝋
濤涛 繫繋 攪撹 摑掴 屛屏 瘦痩 簞箪 醱醗 醬醤 鹼鹸 麵麺 麴麹 顚顛 塡填 剝剥
頰頬 囊嚢 禱祷 驒騨 俠侠 萊莱 軀躯 蟬蝉 繡繍 搔掻 檜桧 藪薮 諫諌 礪砺 鰺鯵
檮梼 頸頚 潑溌 姸妍 啞唖 嚙噛 俱倶 卻却 淵渕 渊渕 徵徴 蔣蒋 瀆涜 拋抛 槙槇
巖巌 堯尭 瑤瑶 亙亘 龢和 迯逃 涉渉 繩縄 倂併 敕勅 篭籠 鴬鶯 蛎蠣 潅灌 壷壺
蝿蠅 賎賤
"""

# Variants that live on in names of people, firms and places, and in handwriting.
_VARIANTS = """
冨富 髙高 﨑崎 嵜崎 碕崎 濵浜 邉辺 嶋島 嶌島 峯峰 舘館 桒桑 埜野 邨村 栁柳
靏鶴 靍鶴 釼剣 劔剣 舩船 畧略 礒磯 槗橋 廏厩 廐厩 龝秋 穐秋 烟煙 裡裏 閒間
凉涼 决決 减減 况況 凖準 羣群 畵画 甞嘗 逹達 讚賛 綫線 竝並 冰氷 姊姉 牀床
耻恥 聟婿 壻婿 斈学 囯国 圀国 吿告 餝飾 觧解 觔筋 慙慚 緜綿 韭韮 亊事 眾衆
歲歳
"""

KANJI_FORMS = str.maketrans({pair[0]: pair[1] for pair in f"{_TRADITIONAL}{_VARIANTS}".split()})
"""For ``str.translate``. No target is folded further."""
